// expect: LEFTOVER
// why: children that ended, and nobody asked how
#include "sample.h"

#include <stdlib.h>
#include <unistd.h>

static int done;

static void deed(struct counter *counter)
{
    (void)counter;
    for (int i = 0; i < 5 && !done; i++)
        if (fork() == 0)
            exit(0);
    done = 1;
}
