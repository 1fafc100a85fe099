// expect: REJECTED COMPILE
// why: a function in a function, by address
#include "sample.h"

static void deed(struct counter *counter)
{
    int apply(void (*what)(void));
    void inner(void)
    {
        counter->value++;
    }

    void (*volatile pointer)(void) = inner;
    pointer();
}
