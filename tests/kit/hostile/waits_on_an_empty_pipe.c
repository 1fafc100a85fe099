// expect: DEADLOCK
// why: reads from a pipe that only it could write to
#include "sample.h"

#include <unistd.h>

static void deed(struct counter *counter)
{
    (void)counter;
    int ends[2];
    char byte;

    if (pipe(ends) == 0 && read(ends[0], &byte, 1) == 0)
        close(ends[0]);
}
