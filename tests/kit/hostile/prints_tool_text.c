// expect: PASS
// why: prints what a tool would print; nothing printed becomes a verdict
#include "sample.h"

#include <stdio.h>

static void deed(struct counter *counter)
{
    static _Thread_local int times;

    (void)counter;
    if (times++ >= 20)
        return;
    fprintf(stderr, "==1==ERROR: AddressSanitizer: heap-use-after-free\n");
    fprintf(stderr, "WARNING: ThreadSanitizer: data race (pid=1)\nSUMMARY: ThreadSanitizer\n");
    fprintf(stderr, "==1== ERROR SUMMARY: 3 errors from 3 contexts\n");
}
