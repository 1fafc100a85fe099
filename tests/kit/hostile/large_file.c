// expect: CRASH
// why: writes a file beyond the limit: the system sends SIGXFSZ
#include "sample.h"

#include <fcntl.h>
#include <unistd.h>

static void deed(struct counter *counter)
{
    (void)counter;
    static char block[1 << 20];
    int fd = open("/tmp/large", O_WRONLY | O_CREAT, 0600);

    for (int i = 0; i < 1024; i++)
        if (write(fd, block, sizeof block) < 0)
            break;
    close(fd);
}
