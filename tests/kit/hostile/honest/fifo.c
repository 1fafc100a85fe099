// expect: PASS
// why: a FIFO of its own, removed again
#include "sample.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static void deed(struct counter *counter)
{
    (void)counter;
    char name[64];

    snprintf(name, sizeof name, "/tmp/fifo.%d.%p", getpid(), (void *)&name);
    if (mkfifo(name, 0600) != 0)
        return;
    int fd = open(name, O_RDWR | O_NONBLOCK);
    if (fd >= 0)
        close(fd);
    unlink(name);
}
