// expect: REJECTED
// why: looks where the kit keeps what
#include "sample.h"

#include <stdio.h>

static void deed(struct counter *counter)
{
    (void)counter;
    FILE *maps = fopen("/proc/self/maps", "r");

    if (maps != NULL)
        fclose(maps);
}
