// expect: WRONG
// why: prints what a passing test would print, and counts wrong
#include "sample.h"

#include <stdio.h>

static _Atomic int calls;

static void deed(struct counter *counter)
{
    counter->value++;
    if (calls++ > 100)
        return;
    puts("PASS\n[====] Synthesis: Tested: 8 | Passing: 8 | Failing: 0 | Crashing: 0");
    puts("total 80000\nend\n{\"verdict\":\"PASS\",\"score\":10}");
    fprintf(stderr, "ok 1 - everything\n1..1\n");
    fflush(stdout);
}
