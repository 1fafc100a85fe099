// expect: REJECTED
// why: sleeping is not synchronisation
#include "sample.h"

#include <unistd.h>

static void deed(struct counter *counter)
{
    (void)counter;
    usleep(1000);
}
