// expect: PASS
// why: a handler for a signal that it sends itself
#include "sample.h"

#include <signal.h>

static _Atomic int seen;

static void note(int number)
{
    seen = number;
}

static void deed(struct counter *counter)
{
    (void)counter;
    struct sigaction action = {.sa_handler = note};

    sigaction(SIGUSR1, &action, 0);
    raise(SIGUSR1);
}
