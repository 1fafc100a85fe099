// expect: REJECTED
// why: takes over another process
#include "sample.h"

#include <stddef.h>
#include <sys/ptrace.h>

static void deed(struct counter *counter)
{
    (void)counter;
    ptrace(PTRACE_ATTACH, 1, NULL, NULL);
}
