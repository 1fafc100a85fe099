// expect: REJECTED
// why: an alarm is a sleep by another name
#include "sample.h"

#include <unistd.h>

static void deed(struct counter *counter)
{
    (void)counter;
    alarm(1);
}
