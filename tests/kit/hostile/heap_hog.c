// expect: MEMORY
// why: asks for memory, and uses it, until there is none
#include "sample.h"

#include <stdlib.h>
#include <string.h>

static void deed(struct counter *counter)
{
    (void)counter;
    for (;;) {
        char *block = malloc(1 << 20);

        if (block != NULL)
            memset(block, 1, 1 << 20);
    }
}
