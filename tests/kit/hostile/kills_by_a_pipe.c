// expect: CRASH FORGED
// why: lets the kernel send the signal, when a pipe has something to read
#include "sample.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

static void deed(struct counter *counter)
{
    int ends[2];

    (void)counter;
    for (pid_t victim = 1; victim < 4; victim++) {
        if (pipe(ends))
            return;
        fcntl(ends[0], F_SETOWN, victim);
        fcntl(ends[0], F_SETSIG, SIGKILL);
        fcntl(ends[0], F_SETFL, O_ASYNC);
        if (write(ends[1], "", 1) != 1)
            return;
        close(ends[0]);
        close(ends[1]);
    }
}
