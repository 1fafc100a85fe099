/* SPDX-License-Identifier: MIT */
/*
 * spy - what the student's code really did, written on the board by either side of the seam.
 *
 * Rows of the board's task table are tasks: threads, and the first thread of each forked process.
 * A row's number is the task's id; 0 is the thread that runs the scenario. Every function may be
 * called from any task; a task that found no free row (more than BOARD_TASKS at once) has id -1 and
 * is counted but not described. Nothing here allocates, locks or blocks, so all of it is safe after
 * fork and in signal handlers.
 */
#ifndef PROBE_SPY_H
#define PROBE_SPY_H

#include "base/board.h"
#include "probe/probe.h"

/* The calling task's id. */
extern _Thread_local int spy_self;

/* Begins a scenario: forgets all counts and makes the caller task 0. */
void spy_begin(void);

void spy_count(enum spy_count what);

/* Tasks. new: takes a row (in the creator, before the task runs); adopt: the new task itself. */
int spy_task_new(bool is_process);
void spy_task_adopt(int id);
void spy_task_ended(int id, bool forget);
void spy_task_forget(int id);

/* Threads and processes: counts and peaks. */
void spy_thread_born(void);
void spy_thread_gone(void);
void spy_child_born(void);
void spy_child_reaped(void);

/* A lock of any kind was taken or given back by the caller; keeps SPY_MUTEX_PEAK and who owns it.
 */
void spy_locked(const void *lock);
void spy_unlocked(const void *lock);

/* The caller is about to wait, and goes on again. `call_site` is a return address. */
void spy_waits(enum task_state state, int64_t object, const void *call_site);
void spy_runs(void);

#endif
