// expect: REJECTED
// why: is compiled otherwise than everybody else
#include "sample.h"

#pragma GCC optimize("O3")

static void deed(struct counter *counter)
{
    (void)counter;
}
