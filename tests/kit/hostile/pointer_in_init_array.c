// expect: REJECTED
// why: an initialiser without the attribute
#include "sample.h"

#include <stdlib.h>

static void early(void)
{
    exit(0);
}

__attribute__((section(".init_array"), used)) static void (*const entry)(void) = early;

static void deed(struct counter *counter)
{
    (void)counter;
}
