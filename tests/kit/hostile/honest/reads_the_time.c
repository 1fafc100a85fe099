// expect: PASS
// why: looks at the clock, which is no sleep
#include "sample.h"

#include <time.h>

static void deed(struct counter *counter)
{
    (void)counter;
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    time(0);
}
