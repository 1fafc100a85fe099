// expect: PASS
// why: closes every descriptor there could be; the result is said on none of them
#include "sample.h"

#include <unistd.h>

static _Atomic int done; /* two threads that close the same descriptor would be a race */

static void deed(struct counter *counter)
{
    (void)counter;
    if (done++)
        return;
    for (int fd = 0; fd < 1024; fd++)
        close(fd);
}
