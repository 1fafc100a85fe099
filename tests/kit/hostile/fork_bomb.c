// expect: PROCESSES
// why: every process forks, for ever
#include "sample.h"

#include <unistd.h>

static void deed(struct counter *counter)
{
    (void)counter;
    for (;;)
        fork();
}
