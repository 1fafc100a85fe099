/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    int ends[2], status;
    pid_t child;
    char letter;

    if (pipe(ends))
        return 1;
    child = fork();
    if (child == 0) {
        if (write(ends[1], "x", 1) != 1)
            _exit(1);
        _exit(0);
    }
    kill(child, SIGKILL);
    close(ends[1]);
    waitpid(child, &status, 0);
    assert(read(ends[0], &letter, 1) == 1);
}
