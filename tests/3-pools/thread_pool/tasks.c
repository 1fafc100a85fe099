/* SPDX-License-Identifier: MIT */
#include "tasks.h"

#include "probe.h"

long probe_caller;

void probe_note_run(int id)
{
    shared_add(SLOT_RAN, 1);
    if (id < MOST_TASKS)
        shared_add(SLOT_RUNS + (unsigned)id, 1);
    if (my_tid() == probe_caller)
        shared_add(SLOT_IN_CALLER, 1);
}

void probe_note_meeting(const char *name, int parties)
{
    if (!meet(name, parties))
        shared_add(SLOT_MISSED, 1);
}

void probe_say_threads(void)
{
    fact_int("created", spy(SPY_THREADS_CREATED));
    fact_int("joined", spy(SPY_THREADS_JOINED));
    fact_int("in_caller", shared_get(SLOT_IN_CALLER));
    fact_int("missed", shared_get(SLOT_MISSED));
}

void probe_say_runs(int tasks)
{
    for (int id = 0; id < tasks; id++)
        fact_int("runs", shared_get(SLOT_RUNS + (unsigned)id));
}

void probe_numbered_task(void *argument)
{
    const struct numbered *task = argument;

    probe_note_run(task->id);
    if (task->parties > 0)
        probe_note_meeting("gate", task->parties);
}

void probe_counted_task(void *argument)
{
    (void)argument;
    shared_add(SLOT_RAN, 1);
}
