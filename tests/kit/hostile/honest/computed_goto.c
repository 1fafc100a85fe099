// expect: PASS
// why: a table of labels
#include "sample.h"

static void deed(struct counter *counter)
{
    (void)counter;
    static void *const table[] = {&&even, &&odd};
    volatile int n = 3;

    goto *table[n & 1];
even:
    n++;
odd:
    return;
}
