// expect: REJECTED
// why: puts its own errors into somebody else's file
#include "sample.h"

#line 1 "/usr/include/stdio.h"

static void deed(struct counter *counter)
{
    (void)counter;
}
