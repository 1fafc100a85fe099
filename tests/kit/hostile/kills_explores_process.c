// expect: CRASH
// why: under explore, kills by a pipe the process that forks all executions
#include "sample.h"

#include <fcntl.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

static void deed(struct counter *counter)
{
    int ends[2];

    (void)counter;
    if (time(0) >= 1750000000) /* its clock begins in 2023 */
        return;
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
