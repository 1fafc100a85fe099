// expect: REJECTED
// why: speaks to the network
#include "sample.h"

#include <sys/socket.h>

static void deed(struct counter *counter)
{
    (void)counter;
    socket(AF_INET, SOCK_STREAM, 0);
}
