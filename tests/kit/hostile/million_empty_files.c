// expect: MEMORY TIMEOUT
// why: makes empty files for ever: no bytes, but the kernel remembers each
// reduced: TIMEOUT
#include "sample.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static void deed(struct counter *counter)
{
    (void)counter;
    char name[64];

    for (long i = 0;; i++) {
        snprintf(name, sizeof name, "/tmp/empty%ld", i);
        int fd = open(name, O_WRONLY | O_CREAT, 0600);
        if (fd >= 0)
            close(fd);
    }
}
