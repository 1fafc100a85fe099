// expect: COMPILE REJECTED
// why: takes in a file of the machine, its name in a macro
#include "sample.h"

#define WHERE "/etc/hostname"
#include WHERE

static void deed(struct counter *counter)
{
    (void)counter;
}
