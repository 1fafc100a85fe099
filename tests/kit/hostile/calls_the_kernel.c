// expect: REJECTED
// why: io_uring and its like, around the C library
#include "sample.h"

#include <sys/syscall.h>
#include <unistd.h>

static void deed(struct counter *counter)
{
    (void)counter;
    syscall(SYS_io_uring_setup, 1, 0);
}
