// expect: REJECTED
// why: a function that is chosen before anything runs
#include "sample.h"

static int one(void)
{
    return 1;
}

static void *choose(void)
{
    return (void *)one;
}

int chosen(void) __attribute__((ifunc("choose")));

static void deed(struct counter *counter)
{
    (void)counter;
}
