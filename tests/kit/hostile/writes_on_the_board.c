// expect: REJECTED
// why: reaches for the shared memory by its name
#include "sample.h"

#include <stddef.h>

struct board;
extern struct board *board;

static void deed(struct counter *counter)
{
    (void)counter;
    if (board != NULL)
        *(volatile long *)board = 0;
}
