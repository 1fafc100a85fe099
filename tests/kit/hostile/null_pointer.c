// expect: CRASH
// why: writes through a null pointer
#include "sample.h"

static void deed(struct counter *counter)
{
    (void)counter;
    *(volatile int *)0 = 1;
}
