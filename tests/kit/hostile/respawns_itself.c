// expect: LEFTOVER
// why: a child that forks its successor and ends, over and over, to escape a kill by number
#include "sample.h"

#include <stdlib.h>
#include <unistd.h>

static void deed(struct counter *counter)
{
    (void)counter;
    if (fork() != 0)
        return;
    for (;;) {
        for (volatile int i = 0; i < 1000000; i++) /* slow enough for pid 1 to clear up behind it */
            ;
        if (fork() != 0)
            exit(0);
    }
}
