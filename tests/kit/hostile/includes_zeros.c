// expect: REJECTED
// why: takes in a device that never ends
#include "sample.h"

#include "/dev/zero"

static void deed(struct counter *counter)
{
    (void)counter;
}
