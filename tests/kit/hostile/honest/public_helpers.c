// expect: PASS
// why: helpers without static, with names of every day
#include "sample.h"

int step_count;
int round_robin(int n);
int shared_total(int n);

int round_robin(int n)
{
    return n + 1;
}

int shared_total(int n)
{
    return round_robin(n) - 1;
}

static void deed(struct counter *counter)
{
    (void)counter;
    volatile int n = shared_total(3);

    (void)n;
}
