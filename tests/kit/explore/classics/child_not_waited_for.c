/* SPDX-License-Identifier: MIT */
/* explore 1: wait for every child */
#include <unistd.h>

int main(void)
{
    if (fork() == 0)
        _exit(0);
    return 0;
}
