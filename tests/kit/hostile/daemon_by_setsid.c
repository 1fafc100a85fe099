// expect: REJECTED
// why: leaves the process group and stays
#include "sample.h"

#include <stdlib.h>
#include <unistd.h>

static void deed(struct counter *counter)
{
    (void)counter;
    if (fork() == 0) {
        setsid();
        exit(0);
    }
}
