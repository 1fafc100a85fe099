/* SPDX-License-Identifier: MIT */
/* stopwatch COMMAND…: runs it and prints its wall time, the CPU time of it and of all that it
 * waited for, and when the first line came out of it, in ms. Its output goes nowhere. */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static double cpu_ms(void)
{
    struct rusage u;

    getrusage(RUSAGE_CHILDREN, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e3 +
           (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e3;
}

int main(int argc, char **argv)
{
    double began = now_ms(), first = 0;
    char bytes[4096];
    int out[2];

    if (argc < 2 || pipe(out))
        return 2;
    pid_t pid = fork();
    if (pid == 0) {
        dup2(out[1], 1);
        close(out[0]);
        close(out[1]);
        execv(argv[1], argv + 1);
        _exit(127);
    }
    close(out[1]);
    while (read(out[0], bytes, sizeof bytes) > 0)
        if (first == 0)
            first = now_ms() - began;
    if (pid < 0 || waitpid(pid, NULL, 0) != pid)
        return 1;
    printf("%.1f %.1f %.1f\n", now_ms() - began, cpu_ms(), first);
    return 0;
}
