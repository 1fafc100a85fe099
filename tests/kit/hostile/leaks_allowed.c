// expect: REJECTED
// why: tells the tool to look away from leaks
#include "sample.h"

int __lsan_is_turned_off(void)
{
    return 1;
}

static void deed(struct counter *counter)
{
    (void)counter;
}
