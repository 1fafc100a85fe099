// expect: PASS
// why: a line for debugging was left in
#include "sample.h"

#include <stdio.h>

static _Atomic int lines;

static void deed(struct counter *counter)
{
    if (lines++ > 100)
        return;
    printf("counter at %p\n", (void *)counter);
    fprintf(stderr, "debug: here\n");
}
