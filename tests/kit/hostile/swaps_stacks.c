// expect: REJECTED
// why: makes threads of its own that no tool can follow
#include "sample.h"

#include <ucontext.h>

static void deed(struct counter *counter)
{
    (void)counter;
    ucontext_t here;

    getcontext(&here);
}
