// expect: REJECTED
// why: takes the place of a function that everybody calls
#include "sample.h"

#include <stddef.h>

void *malloc(size_t size)
{
    static char memory[1 << 20];
    static size_t used;

    used += (size + 15) & ~15ul;
    return memory + used - size;
}

static void deed(struct counter *counter)
{
    (void)counter;
}
