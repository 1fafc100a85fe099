/* SPDX-License-Identifier: MIT */
/*
 * scenario - finds the scenario that the board asks for, runs it, looks for what was left, and
 * completes the transcript. Shared by both sides of the seam.
 */
#include "probe/probe.h"
#include "probe/seam.h"
#include "probe/spy.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { EXIT_BROKEN = 70 };

extern const struct probe_scenario __start_lab_scenarios[], __stop_lab_scenarios[];

struct board *board;

bool scenario_attach(void *wish)
{
    struct board *b = mmap(wish, sizeof(*b), PROT_READ | PROT_WRITE, MAP_SHARED, BOARD_FD, 0);

    if (b == MAP_FAILED)
        return false;
    if (b->magic != BOARD_MAGIC || b->size != sizeof(*b)) {
        munmap(b, sizeof(*b));
        return false;
    }
    close(BOARD_FD); /* the student's code has no use for it */
    board = b;
    return true;
}

/* The probe and its judge do not fit: a mistake of the kit, said so and never counted. */
_Noreturn void scenario_broken(const char *what, const char *name)
{
    snprintf(board->sentence, sizeof(board->sentence), "%s: %s", what, name);
    atomic_store(&board->stage, BOARD_BROKEN);
    seam_stop();
}

static const struct probe_scenario *find_scenario(const char *name)
{
    for (const struct probe_scenario *s = __start_lab_scenarios; s < __stop_lab_scenarios; s++)
        if (!strcmp(s->name, name))
            return s;
    return NULL;
}

/* Children that nobody waited for: they stay as they are (WNOWAIT). */
static void count_children(void)
{
    siginfo_t info = {0};
    int n = waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT);

    if (n != 0)
        return; /* ECHILD: none at all */
    if (info.si_pid)
        atomic_store(&board->zombies_left, 1);
    else
        atomic_store(&board->children_left, 1);
}

static void count_threads(void)
{
    int me = (int)getpid(), detached = 0, joinable = 0;

    for (int id = 0; id < BOARD_TASKS; id++) {
        struct board_task *t = &board->tasks[id];

        if (id == spy_self || atomic_load(&t->pid) != me || atomic_load(&t->state) == TASK_FREE ||
            atomic_load(&t->is_process))
            continue;
        if (atomic_load(&t->is_detached))
            detached++;
        else
            joinable++;
    }
    atomic_store(&board->threads_left, detached);
    atomic_store(&board->threads_unjoined, joinable);
}

int scenario_run(void)
{
    const struct probe_scenario *s = find_scenario(board->scenario);
    pid_t me = getpid();
    long before;

    spy_begin();
    if (!s)
        scenario_broken("The probe has no such scenario", board->scenario);
    before = open_descriptors();
    atomic_store(&board->stage, BOARD_STARTED);
    s->run();
    if (getpid() !=
        me) /* a forked child came back from the student's function: its parent reports */
        _exit(EXIT_BROKEN);
    seam_settle();
    count_threads();
    count_children();
    atomic_store(&board->descriptors_left, (int32_t)(open_descriptors() - before));
    atomic_store(&board->end_mark, board->challenge);
    atomic_store(&board->stage, BOARD_COMPLETE);
    return 0;
}

void lab_todo(const char *file, int line, const char *function)
{
    int32_t started = BOARD_STARTED;

    if (!board) {
        fprintf(stderr, "%s:%d: %s() is not implemented yet.\n", file, line, function);
        exit(EXIT_BROKEN);
    }
    if (atomic_compare_exchange_strong(&board->stage, &started, BOARD_TODO)) {
        snprintf(board->todo_file, sizeof(board->todo_file), "%s", file);
        snprintf(board->todo_function, sizeof(board->todo_function), "%s", function);
        board->todo_line = line;
    }
    seam_stop();
}
