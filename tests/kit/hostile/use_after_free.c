// expect: MEMERR
// why: reads a block that it gave back
#include "sample.h"

#include <stdlib.h>

static void deed(struct counter *counter)
{
    (void)counter;
    volatile long *block = malloc(8);

    if (block == NULL)
        return;
    *block = 1;
    free((void *)block);
    (void)*block;
}
