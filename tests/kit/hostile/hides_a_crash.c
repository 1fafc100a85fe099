// expect: FORGED
// why: turns its own crash into a successful end
#include "sample.h"

#include <signal.h>
#include <stdlib.h>

static void leave(int number)
{
    exit(number == 0);
}

static void deed(struct counter *counter)
{
    (void)counter;
    signal(SIGSEGV, leave);
    *(volatile int *)8 = 1;
}
