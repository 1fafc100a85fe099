// expect: OUTPUT
// why: fills standard error
#include "sample.h"

#include <stdio.h>

static void deed(struct counter *counter)
{
    (void)counter;
    for (;;)
        fputs("oh no\n", stderr);
}
