// expect: PASS
// why: arrays whose size is known only at run time
#include "sample.h"

static void deed(struct counter *counter)
{
    (void)counter;
    volatile int n = 20;
    int numbers[n];

    for (int i = 0; i < n; i++)
        numbers[i] = i;
    (void)numbers;
}
