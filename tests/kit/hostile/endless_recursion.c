// expect: CRASH
// why: a function that calls itself until the stack is full
#include "sample.h"

static int deeper(volatile int *above)
{
    volatile int here[64];

    here[0] = *above + 1;
    return deeper(here) + here[0];
}

static void deed(struct counter *counter)
{
    (void)counter;
    volatile int bottom = 0;

    deeper(&bottom);
}
