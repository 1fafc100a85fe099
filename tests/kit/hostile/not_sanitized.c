// expect: REJECTED
// why: hides its race from the tool
#include "sample.h"

__attribute__((no_sanitize("thread"))) static void race(long *value)
{
    ++*value;
}

static void deed(struct counter *counter)
{
    race(&counter->value);
}
