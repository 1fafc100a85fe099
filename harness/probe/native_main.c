/* SPDX-License-Identifier: MIT */
/*
 * native side of the seam: the probe's main(), and the parts that need the kernel's help.
 *
 * A probe runs one scenario and ends. With the argument "serve" it runs one scenario after the
 * other, each in a forked child, as `lab` asks on BOARD_CONTROL_FD: that is for Valgrind, which
 * takes 300 ms to start. The protocol is single bytes: 'r' run what is on the board, answered by
 * the child's 32-bit wait status; 'k' kill the scenario that runs; end of file: end.
 */
#include "probe/native.h"

#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/syscall.h>

enum { EXIT_NO_BOARD = 71 };

bool seam_meet(struct board_meeting *m, uint32_t parties)
{
    uint32_t waiting = 0;

    if (atomic_load(&m->inside) >= parties && atomic_compare_exchange_strong(&m->done, &waiting, 1))
        syscall(SYS_futex, &m->done, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
    spy_waits(TASK_IN_MEETING, m - board->meetings, __builtin_return_address(0));
    while (atomic_load(&m->done) == 0)
        syscall(SYS_futex, &m->done, FUTEX_WAIT, 0, NULL, NULL, 0);
    spy_runs();
    return atomic_load(&m->done) == 1;
}

static bool detached_threads_run(void)
{
    int me = (int)getpid();

    for (int id = 0; id < BOARD_TASKS; id++) {
        struct board_task *t = &board->tasks[id];

        if (atomic_load(&t->pid) == me && atomic_load(&t->is_detached) &&
            atomic_load(&t->state) != TASK_FREE)
            return true;
    }
    return false;
}

/* A detached thread that has done its work may still be on its way out. It gets the CPU until it is
 * gone; one that waits for something does not go, and is what LEFTOVER is about. */
void seam_settle(void)
{
    for (int i = 0; i < 2000 && detached_threads_run(); i++) {
        struct timespec moment = {.tv_nsec = 500000};

        __real_nanosleep(&moment, NULL);
    }
}

void seam_stop(void)
{
    int first = atomic_load(&board->tasks[0].pid);

    /* A forked child said it: the first process must not wait for it for ever. */
    if (first > 0 && first != (int)getpid())
        kill(first, SIGKILL);
    _exit(EXIT_NO_BOARD + 1);
}

static int child_pipe[2];

static void on_child(int unused)
{
    int saved = errno;
    ssize_t n = __real_write(child_pipe[1], "", 1);

    (void)unused;
    (void)n;
    errno = saved;
}

/* In the child: a group of its own so that all of it can be killed, and none of the server's
 * descriptors. */
static _Noreturn void run_child(void)
{
    setpgid(0, 0);
    signal(SIGCHLD, SIG_DFL);
    close(child_pipe[0]);
    close(child_pipe[1]);
    close(BOARD_CONTROL_FD);
    exit(scenario_run());
}

static void answer(pid_t child)
{
    int status = 0;

    if (__real_waitpid(child, &status, WNOHANG) != child)
        return;
    kill(-child, SIGKILL);
    if (__real_write(BOARD_CONTROL_FD, &status, sizeof(status)) != sizeof(status))
        _exit(EXIT_NO_BOARD);
}

/* True as long as there is more to serve. */
static bool serve_command(pid_t *child)
{
    char command;

    if (__real_read(BOARD_CONTROL_FD, &command, 1) != 1)
        return false;
    if (command == 'k' && *child > 0)
        kill(-*child, SIGKILL);
    if (command == 'r') {
        fflush(NULL);
        *child = __real_fork();
        if (*child == 0)
            run_child();
        setpgid(*child, *child);
    }
    return true;
}

static int serve(void)
{
    struct pollfd waits[2] = {{.fd = BOARD_CONTROL_FD, .events = POLLIN}, {.events = POLLIN}};
    pid_t child = 0;
    char drained[64];

    if (__real_pipe2(child_pipe, O_CLOEXEC | O_NONBLOCK))
        return EXIT_NO_BOARD;
    waits[1].fd = child_pipe[0];
    signal(SIGCHLD, on_child);
    for (;;) {
        if (__real_poll(waits, 2, -1) < 0)
            continue; /* interrupted by the child's end */
        if (waits[1].revents && __real_read(child_pipe[0], drained, sizeof(drained)) > 0)
            answer(child);
        if (waits[0].revents && !serve_command(&child))
            return 0;
    }
}

/* Where ThreadSanitizer runs, every address is the same in every run: the board's shall not be one
 * that a student's file could hold. All sanitizers leave this terabyte to the program. */
static void *place_for_board(void)
{
    uintptr_t page = 0;

    if (sizeof(page) < 8 || getrandom(&page, sizeof(page), 0) != sizeof(page))
        return NULL;
    return (void *)(0x7e9000000000 + (page & 0xfffffff) * 4096);
}

extern void __asan_poison_memory_region(const volatile void *, size_t) __attribute__((weak));

/* Under AddressSanitizer what decides is poisoned: the runtime, which is compiled without it, may
 * write there, and nothing else. What libc's functions write for the runtime stays open. */
static void poison_board(void)
{
    const struct range {
        const volatile void *from, *to;
    } ranges[] = {
        {&board->stage, board->todo_file},
        {&board->children_left, &board->n_tasks},
        {&board->used, board + 1},
    };

    for (size_t i = 0; __asan_poison_memory_region && i < sizeof(ranges) / sizeof(*ranges); i++)
        __asan_poison_memory_region(ranges[i].from,
            (size_t)((const volatile char *)ranges[i].to - (const volatile char *)ranges[i].from));
}

int main(int argc, char **argv)
{
    if (!scenario_attach(place_for_board())) {
        fputs("This program is a probe: `lab` starts it and reads what it reports.\n", stderr);
        return EXIT_NO_BOARD;
    }
    poison_board();
    if (argc > 1 && !strcmp(argv[1], "serve"))
        return serve();
    return scenario_run();
}
