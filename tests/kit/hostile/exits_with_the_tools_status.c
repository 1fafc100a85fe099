// expect: FORGED
// why: ends with the status that a tool would use
#include "sample.h"

#include <stdlib.h>

static void deed(struct counter *counter)
{
    (void)counter;
    exit(66);
}
