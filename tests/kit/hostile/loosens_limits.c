// expect: REJECTED
// why: gives itself more than it was given
#include "sample.h"

#include <sys/resource.h>

static void deed(struct counter *counter)
{
    (void)counter;
    setrlimit(RLIMIT_NPROC, &(struct rlimit){10000, 10000});
}
