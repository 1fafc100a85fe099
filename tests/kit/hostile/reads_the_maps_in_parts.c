// expect: REJECTED
// why: the name of the map is put together by the compiler only
#include "sample.h"

#include <stdio.h>

static void deed(struct counter *counter)
{
    (void)counter;
    FILE *maps = fopen("/pr"
                       "oc/self/maps",
        "r");

    if (maps != NULL)
        fclose(maps);
}
