/* SPDX-License-Identifier: MIT */
/*
 * forks - what a second core adds to nothing but fork(), _exit() and waitpid(): the most that it
 * can add to a search, each of whose executions is a process.
 *
 *     forks       prints how many times more forks a second two processes do than one
 */
#include <sched.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { FORKS = 10000, PAIRS = 3, MOST = 2 };

static double seconds_now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* The number-th CPU that this process may use. */
static void pin(const cpu_set_t *allowed, int number)
{
    cpu_set_t one;
    int cpu = -1;

    do
        if (CPU_ISSET(++cpu, allowed))
            number--;
    while (number >= 0 && cpu < CPU_SETSIZE - 1);
    CPU_ZERO(&one);
    CPU_SET(cpu, &one);
    sched_setaffinity(0, sizeof(one), &one);
}

static void fork_often(void)
{
    for (int i = 0; i < FORKS; i++) {
        pid_t child = fork();

        if (child == 0)
            _exit(0);
        waitpid(child, NULL, 0);
    }
}

/* Forks a second of `processes` processes, each on a CPU of its own. */
static double rate(const cpu_set_t *allowed, int processes)
{
    double start = seconds_now();
    pid_t ids[MOST];

    for (int i = 0; i < processes; i++) {
        ids[i] = fork();
        if (ids[i] == 0) {
            pin(allowed, i);
            fork_often();
            _exit(0);
        }
    }
    for (int i = 0; i < processes; i++)
        waitpid(ids[i], NULL, 0);
    return processes * FORKS / (seconds_now() - start);
}

int main(void)
{
    double one = 0, two = 0;
    cpu_set_t allowed;

    sched_getaffinity(0, sizeof(allowed), &allowed);
    for (int i = 0; i < PAIRS; i++) {
        one += rate(&allowed, 1);
        two += rate(&allowed, 2);
    }
    printf("  %-56s %8.2f\n", "a second core, for fork() and _exit() alone", two / one);
    return 0;
}
