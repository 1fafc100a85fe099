// expect: LEAK
// why: opens and never closes
#include "sample.h"

#include <fcntl.h>

static void deed(struct counter *counter)
{
    (void)counter;
    open("/dev/null", O_RDONLY);
}
