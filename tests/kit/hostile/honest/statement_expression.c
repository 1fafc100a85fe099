// expect: PASS
// why: GNU statement expressions and typeof
#include "sample.h"

static void deed(struct counter *counter)
{
    long seen = ({
        __typeof__(counter->value) x = 3;
        x * 2;
    });

    (void)seen;
}
