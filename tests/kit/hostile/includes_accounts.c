// expect: REJECTED
// why: takes in a file of the machine
#include "sample.h"

#include "/etc/passwd"

static void deed(struct counter *counter)
{
    (void)counter;
}
