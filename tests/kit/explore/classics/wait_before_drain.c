/* SPDX-License-Identifier: MIT */
/* explore 1: it is full */
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    int p[2];
    static char b[100000];
    if (pipe(p))
        return 1;
    pid_t c = fork();
    if (c == 0) {
        close(p[0]);
        memset(b, 'x', sizeof b);
        write(p[1], b, sizeof b);
        _exit(0);
    }
    close(p[1]);
    waitpid(c, NULL, 0);
    while (read(p[0], b, sizeof b) > 0)
        ;
    return 0;
}
