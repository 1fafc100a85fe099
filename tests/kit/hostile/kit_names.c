// expect: REJECTED
// why: takes the names of the kit
#include "sample.h"

long spy(int what)
{
    return what;
}

static void deed(struct counter *counter)
{
    (void)counter;
}
