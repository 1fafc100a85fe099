// expect: CRASH
// why: divides by a zero that the compiler cannot see
#include "sample.h"

static void deed(struct counter *counter)
{
    volatile long zero = 0;

    counter->value /= zero;
}
