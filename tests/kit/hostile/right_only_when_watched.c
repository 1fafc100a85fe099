// expect: WRONG
// why: is right where a tool watches, and wrong where none does
#include "sample.h"

static void deed(struct counter *counter)
{
#if !defined __SANITIZE_THREAD__ && !defined __SANITIZE_ADDRESS__
    counter->value++;
#else
    (void)counter;
#endif
}
