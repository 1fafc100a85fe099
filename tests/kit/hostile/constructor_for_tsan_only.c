// expect: REJECTED
// why: runs before the test, where only one tool sees it
#include "sample.h"

#include <stdlib.h>

#if defined __has_feature
#if __has_feature(thread_sanitizer)
__attribute__((constructor)) static void early(void)
{
    exit(0);
}
#endif
#endif

static void deed(struct counter *counter)
{
    (void)counter;
}
