// expect: OUTPUT
// why: prints for ever
#include "sample.h"

#include <stdio.h>

static void deed(struct counter *counter)
{
    (void)counter;
    for (;;)
        puts("all work and no play makes a dull program");
}
