// expect: LEFTOVER FORGED WRONG
// why: both the parent and a forked child go on with the test
#include "sample.h"

#include <unistd.h>

static int done;

static void deed(struct counter *counter)
{
    (void)counter;
    if (!done)
        fork();
    done = 1;
}
