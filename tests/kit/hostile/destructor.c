// expect: REJECTED
// why: runs after the test
#include "sample.h"

#include <stdlib.h>

__attribute__((destructor)) static void late(void)
{
    _Exit(0);
}

static void deed(struct counter *counter)
{
    (void)counter;
}
