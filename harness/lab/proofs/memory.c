/* SPDX-License-Identifier: MIT */
/* asan and memcheck must notice one byte behind a block. */
#include "probe.h"

#include <stdlib.h>

static volatile char sink;

static void read_at(size_t index)
{
    char *block = calloc(1, 16);

    sink = block[index];
    free(block);
}

SCENARIO(planted)
{
    read_at(16);
}

SCENARIO(clean)
{
    read_at(15);
}
