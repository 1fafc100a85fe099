// expect: REJECTED
// why: climbs to where the solution might lie
#include "sample.h"

#include "../../../solutions/2-races/counter_mutex/counter_mutex.c"

static void deed(struct counter *counter)
{
    (void)counter;
}
