// expect: PASS
// why: a child that is waited for
#include "sample.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static _Atomic int done;

static void deed(struct counter *counter)
{
    (void)counter;
    if (done++)
        return;
    pid_t child = fork();
    if (child == 0)
        exit(3);
    waitpid(child, NULL, 0);
}
