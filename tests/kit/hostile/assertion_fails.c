// expect: CRASH
// why: an assertion of its own does not hold
#include "sample.h"

#include <assert.h>

static void deed(struct counter *counter)
{
    assert(counter->value == -1);
}
