// expect: MEMORY TIMEOUT
// why: fills the writable directory and goes on trying
// reduced: TIMEOUT
#include "sample.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static void deed(struct counter *counter)
{
    (void)counter;
    static char block[1 << 16];
    char name[64];

    for (int i = 0;; i++) {
        snprintf(name, sizeof name, "/tmp/fill%d", i);
        int fd = open(name, O_WRONLY | O_CREAT, 0600);
        for (int j = 0; j < 16 && fd >= 0; j++)
            if (write(fd, block, sizeof block) < 0)
                break;
        if (fd >= 0)
            close(fd);
    }
}
