// expect: TIMEOUT
// why: each execution is short enough, and all of them together are not; for an exercise of less
// time
#include "sample.h"

#include <stdio.h>

static _Atomic long calls;

static void deed(struct counter *counter)
{
    char text[32];
    long length = 0;

    for (int i = 0; i < 4; i++)
        calls++; /* so that there are thousands of interleavings */
    for (int i = 0; i < 30000; i++)
        length += snprintf(text, sizeof text, "%d", i);
    if (length < 0)
        counter->value = 0;
}
