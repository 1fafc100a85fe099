/* SPDX-License-Identifier: MIT */
#include <pthread.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    int ends[2];
    char letter;

    if (pipe(ends))
        return 1;
    if (fork() == 0) {
        while (read(ends[0], &letter, 1) > 0)
            ;
        _exit(0);
    }
    close(ends[0]);
    if (write(ends[1], "x", 1) != 1)
        return 1;
    close(ends[1]);
    wait(NULL);
}
