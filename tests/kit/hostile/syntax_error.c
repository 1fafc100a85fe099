// expect: COMPILE
// why: a bracket too few
#include "sample.h"

static void deed(struct counter *counter)
{
    counter->value++
}
