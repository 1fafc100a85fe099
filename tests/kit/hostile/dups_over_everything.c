// expect: LEAK
// why: puts /dev/null on every descriptor
#include "sample.h"

#include <fcntl.h>
#include <unistd.h>

static void deed(struct counter *counter)
{
    (void)counter;
    int nowhere = open("/dev/null", O_RDWR);

    for (int fd = 0; fd < 200; fd++)
        dup2(nowhere, fd);
}
