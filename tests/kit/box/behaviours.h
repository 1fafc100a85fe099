/* SPDX-License-Identifier: MIT */
/*
 * behaviours - samples that do what a limit is for: sleep, spin, hoard, print, multiply.
 */
#ifndef TESTS_BOX_BEHAVIOURS_H
#define TESTS_BOX_BEHAVIOURS_H

#include "samples.h"

#include <pthread.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>

enum { MIB = 1 << 20 };

static void rest(long ms)
{
    const struct timespec t = {ms / 1000, ms % 1000 * 1000000};

    nanosleep(&t, NULL);
}

static double cpu_seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int leave(char **a)
{
    return (int)strtol(a[0], NULL, 10);
}

static int die(char **a)
{
    raise((int)strtol(a[0], NULL, 10));
    return 0;
}

static int sleep_for_ever(char **a)
{
    (void)a;
    pause();
    return 0;
}

/* Wakes up again and again: not quiet, and nearly always asleep. */
static int doze(char **a)
{
    while (a)
        rest(1);
    return 0;
}

static int spin(char **a)
{
    double seconds = strtod(a[0], NULL);

    while (seconds <= 0 || cpu_seconds() < seconds)
        continue;
    return 0;
}

static void *spin_thread(void *arg)
{
    for (;;)
        continue;
    return arg;
}

static int spin_in_threads(char **a)
{
    pthread_t t;

    (void)a;
    for (int i = 0; i < 4; i++)
        pthread_create(&t, NULL, spin_thread, NULL);
    pause();
    return 0;
}

static void *fork_and_spin(void *arg)
{
    if (fork() == 0)
        spin_thread(arg);
    pause();
    return arg;
}

/* The kernel lists a child with the thread that has started it. */
static int spin_below_a_thread(char **a)
{
    pthread_t t;

    (void)a;
    pthread_create(&t, NULL, fork_and_spin, NULL);
    pause();
    return 0;
}

/* One short-lived child after the other: no process ever has used much. */
static int spin_in_children(char **a)
{
    char *const little[] = {"0.05", NULL};

    (void)a;
    for (;;) {
        pid_t pid = fork();

        if (pid == 0)
            _exit(spin((char **)little));
        waitpid(pid, NULL, 0);
    }
}

static void touch(size_t bytes)
{
    char *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (p == MAP_FAILED)
        _exit(9);
    memset(p, 1, bytes);
}

static int hoard(char **a)
{
    touch((size_t)strtol(a[0], NULL, 10) * MIB);
    rest(10000);
    return 0;
}

static int hoard_in_children(char **a)
{
    for (int i = 0; i < 20; i++)
        if (fork() == 0)
            return hoard(a);
    pause();
    return 0;
}

/* Memory that is shared since the fork is there once. */
static int share_memory(char **a)
{
    touch((size_t)strtol(a[0], NULL, 10) * MIB);
    for (int i = 0; i < 20; i++)
        if (fork() == 0) {
            rest(300);
            _exit(0);
        }
    while (wait(NULL) > 0)
        continue;
    return 0;
}

static int many_children(char **a)
{
    long count = strtol(a[0], NULL, 10);

    for (long i = 0; i < count; i++)
        if (fork() == 0) {
            pause();
            _exit(0);
        }
    pause();
    return 0;
}

static void *sleep_thread(void *arg)
{
    pause();
    return arg;
}

static int many_threads(char **a)
{
    long count = strtol(a[0], NULL, 10);
    pthread_t t;

    for (long i = 0; i < count; i++)
        pthread_create(&t, NULL, sleep_thread, NULL);
    pause();
    return 0;
}

static int fork_bomb(char **a)
{
    while (a)
        fork();
    return 0;
}

static int print(char **a)
{
    int fd = a[0][0] - '0';
    long kib = strtol(a[0] + 2, NULL, 10);
    char block[1024];

    memset(block, 'x', sizeof(block)); /* one line, however long */
    for (long i = 0; kib < 0 || i < kib; i++)
        if (write(fd, block, sizeof(block)) < 0)
            return 1;
    return 0;
}

static int write_file(char **a)
{
    static char block[MIB];
    int fd = open(a[0], O_WRONLY | O_CREAT | O_TRUNC, 0600);

    unlink(a[0]);
    for (int i = 0; i < 8; i++)
        if (write(fd, block, sizeof(block)) < 0)
            return 1;
    return 0;
}

static int open_many(char **a)
{
    int count = 0;

    (void)a;
    while (open("/dev/null", O_RDONLY) >= 0)
        count++;
    return errno == EMFILE ? count : 255;
}

static int list_descriptors(char **a)
{
    (void)a;
    for (int fd = 0; fd < 256; fd++)
        if (fcntl(fd, F_GETFD) >= 0)
            printf("%d ", fd);
    return 0;
}

static int read_two(char **a)
{
    int first = (int)strtol(a[0], NULL, 10), second = (int)strtol(strchr(a[0], ' '), NULL, 10);
    char x = '?', y = '?', z;

    if (read(first, &x, 1) != 1 || read(second, &y, 1) != 1)
        return 1;
    printf("%c%c%s", x, y, read(0, &z, 1) == 0 ? "" : " stdin");
    return 0;
}

static int show_self(char **a)
{
    extern char **environ;
    char *directory = getcwd(NULL, 0);
    cpu_set_t set;

    (void)a;
    sched_getaffinity(0, sizeof(set), &set);
    for (char **e = environ; *e; e++)
        printf("[%s]", *e);
    printf(" %s cpus=%d aslr=%d group=%d", directory, CPU_COUNT(&set),
        !(personality(0xffffffff) & ADDR_NO_RANDOMIZE), getpgrp() == getpid());
    return 0;
}

static int leave_children(char **a)
{
    (void)a;
    for (int i = 0; i < 3; i++)
        if (fork() == 0) {
            setsid();
            pause();
        }
    if (fork() == 0)
        _exit(0);
    rest(50); /* so that the last one is a zombie */
    return 0;
}

/* Answers every byte after a sleep. */
static int serve(char **a)
{
    long ms = strtol(a[0], NULL, 10);
    char byte;

    while (read(3, &byte, 1) == 1) {
        rest(ms);
        if (write(3, &byte, 1) != 1)
            return 1;
    }
    return 0;
}

static const struct sample samples[] = {
    {"leave", leave},
    {"die", die},
    {"sleep", sleep_for_ever},
    {"doze", doze},
    {"spin", spin},
    {"spin_in_threads", spin_in_threads},
    {"spin_below_a_thread", spin_below_a_thread},
    {"spin_in_children", spin_in_children},
    {"hoard", hoard},
    {"hoard_in_children", hoard_in_children},
    {"share_memory", share_memory},
    {"many_children", many_children},
    {"many_threads", many_threads},
    {"fork_bomb", fork_bomb},
    {"print", print},
    {"write_file", write_file},
    {"open_many", open_many},
    {"list_descriptors", list_descriptors},
    {"read_two", read_two},
    {"show_self", show_self},
    {"leave_children", leave_children},
    {"serve", serve},
    {0},
};
SAMPLES(samples)

#endif
