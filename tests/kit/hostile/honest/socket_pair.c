// expect: PASS
// why: two ends that speak to each other
#include "sample.h"

#include <sys/socket.h>
#include <unistd.h>

static void deed(struct counter *counter)
{
    (void)counter;
    int ends[2];
    char byte = 7;

    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0)
        return;
    if (write(ends[0], &byte, 1) == 1 && read(ends[1], &byte, 1) == 1)
        byte++;
    close(ends[0]);
    close(ends[1]);
}
