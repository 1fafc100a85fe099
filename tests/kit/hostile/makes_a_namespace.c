// expect: REJECTED
// why: builds a sandbox in the sandbox
#include "sample.h"

#include <sched.h>

static void deed(struct counter *counter)
{
    (void)counter;
    unshare(CLONE_NEWUSER | CLONE_NEWNET);
}
