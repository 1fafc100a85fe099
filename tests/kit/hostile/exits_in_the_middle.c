// expect: FORGED
// why: ends the program with success before the test is over
#include "sample.h"

#include <stdlib.h>

static void deed(struct counter *counter)
{
    (void)counter;
    exit(0);
}
