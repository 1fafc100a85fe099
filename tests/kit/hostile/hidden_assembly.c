// expect: REJECTED
// why: the forbidden word, put together by a macro
#include "sample.h"

#define GLUE(a, b) a##b

static void deed(struct counter *counter)
{
    (void)counter;
    GLUE(__as, m__) volatile("nop");
}
