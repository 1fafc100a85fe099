// expect: TIMEOUT
// why: stops itself with a signal that cannot be handled; nobody continues it
#include "sample.h"

#include <signal.h>

static void deed(struct counter *counter)
{
    (void)counter;
    raise(SIGSTOP);
}
