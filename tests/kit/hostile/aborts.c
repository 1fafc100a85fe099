// expect: CRASH
// why: gives up
#include "sample.h"

#include <stdlib.h>

static void deed(struct counter *counter)
{
    (void)counter;
    abort();
}
