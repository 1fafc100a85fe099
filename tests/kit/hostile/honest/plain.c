// expect: PASS
// why: nothing odd at all: the sample by itself
#include "sample.h"

static void deed(struct counter *counter)
{
    (void)counter;
}
