// expect: REJECTED
// why: ends without the checks that come at the end
#include "sample.h"

#include <unistd.h>

static void deed(struct counter *counter)
{
    (void)counter;
    _exit(0);
}
