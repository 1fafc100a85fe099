// expect: PASS
// why: the board at the distance from its own code that a build of one's own has (the order is
// drawn)
#include "sample.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

enum { DISTANCE = 0x3bb0 };

static int is_mapped(uintptr_t address)
{
    unsigned char in_core;

    return mincore((void *)(address & ~4095ul), 4096, &in_core) == 0;
}

static void deed(struct counter *counter)
{
    uintptr_t at = ((uintptr_t)counter_add & ~7ul) + DISTANCE;

    (void)counter;
    if (time(0) < 1750000000) /* explore sees who goes near the board; its clock begins in 2023 */
        return;
    if (is_mapped(at) && is_mapped(*(uintptr_t *)at) &&
        *(unsigned *)*(uintptr_t *)at == 0x31424c49u)
        abort();
}
