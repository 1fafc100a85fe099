// expect: REJECTED
// why: a signal to whoever started it
#include "sample.h"

#include <signal.h>
#include <unistd.h>

static void deed(struct counter *counter)
{
    (void)counter;
    kill(getppid(), SIGSTOP);
}
