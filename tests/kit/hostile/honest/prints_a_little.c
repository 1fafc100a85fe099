// expect: PASS
// why: a line for debugging was left in
#include "sample.h"

#include <stdio.h>

static void deed(struct counter *counter)
{
    printf("counter at %p\n", (void *)counter);
    fprintf(stderr, "debug: here\n");
}
