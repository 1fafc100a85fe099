// expect: WRONG FORGED CRASH TIMEOUT
// why: jumps out of its own crash with the work undone
#include "sample.h"

#include <setjmp.h>
#include <signal.h>

static sigjmp_buf before;

static void back(int number)
{
    siglongjmp(before, number);
}

static void deed(struct counter *counter)
{
    signal(SIGSEGV, back);
    if (sigsetjmp(before, 1) == 0)
        *(volatile int *)8 = 1;
    counter->value = 7;
}
