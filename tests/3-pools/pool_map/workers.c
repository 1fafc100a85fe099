/* SPDX-License-Identifier: MIT */
#include "workers.h"

#include "probe.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

long probe_caller;
long *probe_pid_of;

void probe_begin(void)
{
    probe_caller = my_pid();
    probe_pid_of = shared_memory(2 * MOST * sizeof *probe_pid_of);
}

void probe_note_meeting(const char *name, int parties)
{
    if (!meet(name, parties))
        shared_add(SLOT_MISSED, 1);
}

void probe_note_call(unsigned slot, long index)
{
    if (my_pid() == probe_caller)
        shared_add(SLOT_IN_CALLER, 1);
    if (index < 0 || index >= MOST)
        return;
    shared_add(slot + (unsigned)index, 1);
    probe_pid_of[slot + (unsigned)index] = my_pid();
}

void probe_live(long fate)
{
    if (my_pid() == probe_caller)
        return;
    if (fate == FATE_KILLED)
        raise(SIGKILL);
    if (fate == FATE_ABORTED)
        abort();
    if (fate == FATE_EXITED)
        _exit(0);
    if (fate == FATE_SEGV)
        raise(SIGSEGV);
}

void probe_say_processes(void)
{
    fact_int("forks", spy(SPY_FORKS));
    fact_int("reaped", spy(SPY_REAPED));
    fact_int("peak", spy(SPY_CHILDREN_PEAK));
    fact_int("in_caller", shared_get(SLOT_IN_CALLER));
    fact_int("missed", shared_get(SLOT_MISSED));
}
