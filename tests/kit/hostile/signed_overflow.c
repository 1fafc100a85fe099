// expect: MEMERR
// why: counts beyond the largest number, which C does not define
#include "sample.h"

#include <limits.h>

static void deed(struct counter *counter)
{
    (void)counter;
    volatile int most = INT_MAX;

    most = most + 1;
}
