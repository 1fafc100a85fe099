// expect: TIMEOUT
// why: ignores every signal that can be ignored, and never ends
#include "sample.h"

#include <signal.h>

static void deed(struct counter *counter)
{
    (void)counter;
    for (int i = 1; i < 65; i++)
        signal(i, SIG_IGN);
    for (volatile int on = 1; on;)
        ;
}
