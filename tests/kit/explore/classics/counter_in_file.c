/* SPDX-License-Identifier: MIT */
/* explore 1: Exit status 1 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define NAME "counter_in_file.txt"

static int get(void)
{
    char b[16] = "";
    int fd = open(NAME, O_RDONLY);
    if (read(fd, b, sizeof b - 1) < 0)
        exit(2);
    close(fd);
    return atoi(b);
}

static void put(int n)
{
    char b[16];
    int fd = open(NAME, O_WRONLY | O_CREAT | O_TRUNC, 0600), l = sprintf(b, "%d", n);
    if (write(fd, b, (size_t)l) < 0)
        exit(2);
    close(fd);
}

int main(void)
{
    put(0);
    for (int i = 0; i < 2; i++)
        if (fork() == 0) {
            put(get() + 1);
            _exit(0);
        }
    wait(NULL);
    wait(NULL);
    int n = get();
    unlink(NAME);
    return n != 2;
}
