/* SPDX-License-Identifier: MIT */
/* explore 1: Lost update */
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    int *x = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    for (int i = 0; i < 2; i++)
        if (fork() == 0) {
            (*x)++;
            _exit(0);
        }
    wait(0);
    wait(0);
    return *x != 2;
}
