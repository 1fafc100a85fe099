// expect: TIMEOUT
// why: waits for a variable that nobody ever sets
#include "sample.h"

static volatile int ready;

static void deed(struct counter *counter)
{
    (void)counter;
    while (!ready)
        ;
}
