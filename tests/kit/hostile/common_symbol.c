// expect: REJECTED
// why: an uninitialised variable with the name of the test's own, for the linker to merge
#include "sample.h"

struct board *board;

static void deed(struct counter *counter)
{
    (void)counter;
    if (board != 0)
        *(volatile long *)board = 0;
}
