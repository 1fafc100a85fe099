// expect: REJECTED
// why: anything at all, in one line
#include "sample.h"

#include <stdlib.h>

static void deed(struct counter *counter)
{
    (void)counter;
    if (system("cat /etc/passwd") == 0)
        return;
}
