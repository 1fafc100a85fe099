// expect: REJECTED
// why: tells the tool to look away
#include "sample.h"

const char *__tsan_default_options(void)
{
    return "report_bugs=0";
}

static void deed(struct counter *counter)
{
    (void)counter;
}
