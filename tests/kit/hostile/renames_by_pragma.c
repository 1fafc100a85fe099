// expect: REJECTED
// why: gives a function of its own the name of one of the test's, by way of a macro's pragma
#include "sample.h"

void my_fact(const char *name, long value);
_Pragma("redefine_extname my_fact fact_int")

    static void deed(struct counter *counter)
{
    (void)counter;
    my_fact("total", 80000);
}
