// expect: REJECTED
// why: speaks in the place of the probe
#include "sample.h"

void fact_int(const char *name, long value);

static void deed(struct counter *counter)
{
    (void)counter;
    fact_int("total", 80000);
}
