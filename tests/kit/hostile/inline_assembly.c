// expect: REJECTED
// why: machine code that no tool sees
#include "sample.h"

static void deed(struct counter *counter)
{
    __asm__ volatile("lock; incq %0" : "+m"(counter->value));
}
