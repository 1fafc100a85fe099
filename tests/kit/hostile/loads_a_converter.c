// expect: REJECTED
// why: makes the C library load a file of its choice as a converter of characters
#include "sample.h"

#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

static void deed(struct counter *counter)
{
    (void)counter;
    setenv("GCONV_PATH", "/tmp", 1);
    FILE *file = fopen("/dev/null", "r,ccs=MINE");

    if (file != NULL)
        fclose(file);
}
