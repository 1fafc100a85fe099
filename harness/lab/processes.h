/* SPDX-License-Identifier: MIT */
/*
 * processes - the processes that `lab` starts, and the certainty that none outlives it.
 *
 *     processes_adopt(&err);               // once: orphans of our children become our children
 *     pid_t pid = processes_fork();        // a child that dies when we die
 *     processes_end();                     // kills every descendant and waits for all
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

/* Kills all children, and those that they leave behind, until there is none. */
void processes_end(void);

#endif
