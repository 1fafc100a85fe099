// expect: REJECTED
// why: a signal to every process there is
#include "sample.h"

#include <signal.h>

static void deed(struct counter *counter)
{
    (void)counter;
    kill(-1, SIGKILL);
}
