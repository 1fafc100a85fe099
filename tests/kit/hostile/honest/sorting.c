// expect: PASS
// why: qsort and bsearch with a function of its own
#include "sample.h"

#include <stdlib.h>

static int by_value(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

static void deed(struct counter *counter)
{
    (void)counter;
    int numbers[] = {3, 1, 2}, key = 2;

    qsort(numbers, 3, sizeof *numbers, by_value);
    bsearch(&key, numbers, 3, sizeof *numbers, by_value);
}
