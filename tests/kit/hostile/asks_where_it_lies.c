// expect: REJECTED
// why: asks the kernel for the path of the program, whose symbols would tell where the test's
// memory is
#include "sample.h"

#include <sys/auxv.h>

static void deed(struct counter *counter)
{
    (void)counter;
    if (getauxval(AT_EXECFN) == 0)
        counter->value++;
}
