// expect: REJECTED
// why: shares its memory with children without end
#include "sample.h"

#include <unistd.h>

static void deed(struct counter *counter)
{
    (void)counter;
    for (;;)
        vfork();
}
