// expect: LEAK
// why: loses a block in every call
#include "sample.h"

#include <stdlib.h>

static void deed(struct counter *counter)
{
    (void)counter;
    char *volatile block = malloc(100);

    if (block != NULL)
        block[0] = 1;
    block = NULL;
}
