// expect: TIMEOUT
// why: a loop without an end, in the first call that is checked
#include "sample.h"

static void deed(struct counter *counter)
{
    (void)counter;
    for (volatile int on = 1; on;)
        ;
}
