// expect: PASS
// why: a child that is waited for
#include "sample.h"

#include <signal.h>
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
        raise(SIGKILL); /* exit() is not for a child of many threads: its locks may be held */
    waitpid(child, NULL, 0);
}
