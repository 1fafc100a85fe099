// expect: FORGED LEFTOVER
// why: the parent ends with success, and a child finishes the test
#include "sample.h"

#include <stdlib.h>
#include <unistd.h>

static void deed(struct counter *counter)
{
    (void)counter;
    if (fork() != 0)
        exit(0);
}
