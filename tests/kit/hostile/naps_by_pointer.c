// expect: REJECTED
// why: the address of a function is a use of it
#include "sample.h"

#include <time.h>

static int (*volatile rest)(const struct timespec *, struct timespec *) = nanosleep;

static void deed(struct counter *counter)
{
    (void)counter;
    rest(&(struct timespec){0, 1000}, 0);
}
