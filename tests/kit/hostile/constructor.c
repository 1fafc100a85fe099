// expect: REJECTED
// why: runs before the test
#include "sample.h"

#include <stdlib.h>

__attribute__((constructor)) static void early(void)
{
    exit(0);
}

static void deed(struct counter *counter)
{
    (void)counter;
}
