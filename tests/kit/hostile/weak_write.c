// expect: REJECTED
// why: a weak definition that wins
#include "sample.h"

#include <unistd.h>

__attribute__((weak)) ssize_t write(int fd, const void *bytes, size_t length)
{
    (void)fd, (void)bytes;
    return (ssize_t)length;
}

static void deed(struct counter *counter)
{
    (void)counter;
}
