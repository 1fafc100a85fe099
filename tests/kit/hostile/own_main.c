// expect: REJECTED
// why: a main of its own
#include "sample.h"

int main(void)
{
    return 0;
}

static void deed(struct counter *counter)
{
    (void)counter;
}
