// expect: REJECTED
// why: asks the preprocessor what is on the machine
#include "sample.h"

#if __has_include("/home/alice/counter_mutex.c")
#error "found"
#endif

static void deed(struct counter *counter)
{
    (void)counter;
}
