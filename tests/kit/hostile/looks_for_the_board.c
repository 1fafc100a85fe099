// expect: CRASH MEMERR
// why: searches the stack for an address that leads to the shared memory, by its first bytes
#include "sample.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static int is_mapped(uintptr_t page)
{
    unsigned char in_core;

    return mincore((void *)page, 4096, &in_core) == 0;
}

static void deed(struct counter *counter)
{
    for (uintptr_t at = (uintptr_t)&counter & ~7ul;; at += sizeof at) {
        if (at % 4096 == 0 && !is_mapped(at))
            break;
        uintptr_t page = *(uintptr_t *)at & ~4095ul;
        if (page < 65536 || page >> 47 != 0 || !is_mapped(page))
            continue;
        if (*(volatile unsigned *)page == 0x31424c49u)
            *(volatile unsigned *)page = 0;
    }
    abort();
}
