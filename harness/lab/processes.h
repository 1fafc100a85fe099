/* SPDX-License-Identifier: MIT */
/*
 * processes - the processes that `lab` starts, and the certainty that none outlives it.
 *
 *     processes_adopt(&err);               // once: orphans of our children become our children
 *     pid_t pid = processes_fork();        // a child that dies when we die
 *     processes_end();                     // kills every descendant and waits for all
 *
 * or, for a command that is one piece of work:
 *
 *     if (processes_run(work, arg, TERMINAL_OURS, &status, &err)) …
 */
#ifndef LAB_PROCESSES_H
#define LAB_PROCESSES_H

#include "base/buf.h"

#include <stdbool.h>
#include <sys/types.h>

int processes_adopt(struct buf *err);

/* As fork(); the child gets SIGKILL when the parent ends, and default signal handlers. */
pid_t processes_fork(void);

/* Whether `pid` is `ancestor` or one of the processes below it. */
bool processes_is_below(pid_t pid, pid_t ancestor);

enum processes_terminal {
    TERMINAL_OURS,   /* the work does not read from the terminal; Ctrl-C ends it in order */
    TERMINAL_SHARED, /* it reads keys: Ctrl-C comes to both, and ends it, too */
    TERMINAL_THEIRS, /* Ctrl-C is for something that the work started (gdb) */
};

enum { PROCESSES_INTERRUPTED = 130 };

/* Does the work in a child; *ret_status is what it returned. When we are told to end (SIGINT,
 * SIGTERM, SIGHUP) nothing of it is left, and the status is PROCESSES_INTERRUPTED. */
int processes_run(int (*work)(void *arg), void *arg, enum processes_terminal terminal,
    int *ret_status, struct buf *err);

/* Kills all children, and those that they leave behind, until there is none. */
void processes_end(void);

#endif
