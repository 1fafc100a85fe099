/* SPDX-License-Identifier: MIT */
/* explore 0: every one ends well */
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    int p[2];
    char b[16];
    if (pipe(p))
        return 1;
    if (fork() == 0) {
        ssize_t n;
        close(p[1]);
        while ((n = read(p[0], b, sizeof b)) > 0)
            ;
        _exit(0);
    }
    close(p[0]);
    write(p[1], "hello", 5);
    close(p[1]);
    wait(NULL);
    return 0;
}
