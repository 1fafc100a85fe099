// expect: PASS
// why: tries to write everywhere; were one of them to work, it would say so by a crash
#include "sample.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static const char *const places[] = {"/here", "/etc/here", "/usr/here", "/home/here", "/root/here",
    "/var/tmp/here", "/srv/here", "../here", "../../here", "/dev/here", "/sys/here", "/opt/here"};

static void deed(struct counter *counter)
{
    (void)counter;
    for (unsigned i = 0; i < sizeof places / sizeof *places; i++)
        if (open(places[i], O_WRONLY | O_CREAT, 0600) >= 0 || mkdir(places[i], 0700) == 0)
            abort();
}
