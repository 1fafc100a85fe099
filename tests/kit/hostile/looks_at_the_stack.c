// expect: REJECTED
// why: asks the compiler where the caller's frame lies
#include "sample.h"

static void deed(struct counter *counter)
{
    if (__builtin_frame_address(1) == 0)
        counter->value++;
}
