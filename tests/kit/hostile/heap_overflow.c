// expect: MEMERR RACE
// why: writes one byte behind a block; only a tool sees it
#include "sample.h"

#include <stdlib.h>

static void deed(struct counter *counter)
{
    (void)counter;
    volatile char *block = malloc(8);
    volatile int behind = 8;

    if (block != NULL)
        block[behind] = 1;
    free((void *)block);
}
