// expect: REJECTED
// why: code that runs when the test is over
#include "sample.h"

#include <stdlib.h>

static void late(void)
{
    _Exit(0);
}

static void deed(struct counter *counter)
{
    (void)counter;
    atexit(late);
}
