/* SPDX-License-Identifier: MIT */
/* Tasks that the probe's files share, and what is said of them. Functions that two files share are
 * called probe_…, so that none of a student's has the same name. */
#ifndef TASKS_H
#define TASKS_H

#include "thread_pool.h"

enum { MOST_TASKS = 64 };

/* Slots of shared_add(): one per task, then the rest. They order nothing, so they hide no race. */
enum {
    SLOT_RUNS = 0,
    SLOT_RAN = MOST_TASKS,
    SLOT_IN_CALLER,
    SLOT_MISSED,
    SLOT_EARLY,
    SLOT_SUM,
    SLOT_WAITS,
    SLOT_SPINS
};

extern long probe_caller; /* the thread of the scenario; set before any pool exists */

/* What is true of every task, whatever else it does. */
void probe_note_run(int id);

void probe_note_meeting(const char *name, int parties);
void probe_say_threads(void);
void probe_say_runs(int tasks);

/* A task with a number; `parties` > 0: it also waits for that many in the meeting "gate". */
struct numbered {
    struct pool *pool;
    int id;
    int parties;
};

void probe_numbered_task(void *argument);

/* A task that only counts itself. */
void probe_counted_task(void *argument);

#endif
