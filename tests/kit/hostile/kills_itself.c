// expect: CRASH
// why: ends itself with the signal that cannot be caught
#include "sample.h"

#include <signal.h>

static void deed(struct counter *counter)
{
    (void)counter;
    raise(SIGKILL);
}
