// expect: REJECTED
// why: hides its race from the tool, for a whole file
#include "sample.h"

#pragma clang attribute push(__attribute__((no_sanitize("thread"))), apply_to = function)

void unwatched(long *value)
{
    ++*value;
}

#pragma clang attribute pop

static void deed(struct counter *counter)
{
    (void)counter;
}
