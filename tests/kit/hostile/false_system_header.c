// expect: REJECTED
// why: says that what follows is a system header
#include "sample.h"

# 1 "/usr/include/stdio.h" 1 3
__attribute__((constructor)) static void early(void)
{
}
# 9 "counter_mutex.c" 2

static void deed(struct counter *counter)
{
    (void)counter;
}
