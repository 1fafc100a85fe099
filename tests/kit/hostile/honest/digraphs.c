// expect: PASS
// why: another spelling of the same language
#include "sample.h"

// clang-format off

static void deed(struct counter *counter)
{
    (void)counter;
    int numbers<:3:> = <%1, 2, 3%>;

    numbers<:0:>++;
}
