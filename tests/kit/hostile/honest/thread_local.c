// expect: PASS
// why: variables that every thread has for itself
#include "sample.h"

static _Thread_local int mine;
static __thread int also_mine = 3;

static void deed(struct counter *counter)
{
    (void)counter;
    mine++;
    also_mine--;
}
