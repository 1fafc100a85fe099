/* SPDX-License-Identifier: MIT */
#include "shared_global.h"

#include "probe.h"

#include <stdio.h>
#include <string.h>

/* Old bytes in the notes must not pass for an answer, and neither must those of an earlier call. */
static int take_turns_afresh(struct note notes[NOTES])
{
    memset(notes, 0x55, NOTES * sizeof *notes);
    if (arg_given("start"))
        shared_number = (int)arg_int("start");
    return take_turns(notes);
}

static void take_dirty_turns(struct note notes[NOTES])
{
    if (arg_given("again"))
        fact_int("first_result", take_turns_afresh(notes));
    fact_int("result", take_turns_afresh(notes));
    for (int i = 0; i < NOTES; i++)
        notes[i].who[sizeof notes[i].who - 1] = '\0';
}

/* Pids and tids differ from run to run, so the facts are how they relate. */
SCENARIO(identity)
{
    struct note notes[NOTES];

    take_dirty_turns(notes);
    for (int i = 0; i < NOTES; i++) {
        fact_bool("pid_is_ours", notes[i].pid == my_pid());
        fact_bool("address_is_ours", notes[i].address == &shared_number);
    }
    fact_bool("main_tid_is_ours", notes[MAIN].tid == my_tid());
    fact_bool("a_is_not_main", notes[THREAD_A].tid != my_tid());
    fact_bool("b_is_not_main", notes[THREAD_B].tid != my_tid());
    fact_bool("a_is_not_b", notes[THREAD_A].tid != notes[THREAD_B].tid);
    fact_int("created", spy(SPY_THREADS_CREATED));
    fact_int("joined", spy(SPY_THREADS_JOINED));
    fact_int("forked", spy(SPY_FORKS));
}

/* After that many threads there is no further one to be had. */
SCENARIO(no_thread)
{
    struct note notes[NOTES];

    limit_tasks((int)arg_int("most"));
    take_dirty_turns(notes);
    fact_int("created", spy(SPY_THREADS_CREATED));
    fact_int("joined", spy(SPY_THREADS_JOINED));
}

/* Only what main saw: what the threads saw depends on the schedule. */
SCENARIO(main_sees)
{
    struct note notes[NOTES];

    take_dirty_turns(notes);
    fact_str("who", notes[MAIN].who);
    fact_int("before", notes[MAIN].before);
    fact_int("after", notes[MAIN].after);
    fact_int("left", shared_number);
}

SCENARIO(turns)
{
    struct note notes[NOTES];

    take_dirty_turns(notes);
    for (int i = 0; i < NOTES; i++) {
        fact_str("who", notes[i].who);
        fact_int("before", notes[i].before);
        fact_int("after", notes[i].after);
    }
    fact_int("left", shared_number);
}

SCENARIO(demo)
{
    static const int order[NOTES] = {MAIN, THREAD_A, THREAD_B};
    struct note notes[NOTES];

    take_dirty_turns(notes);
    printf("%-9s  %7s  %7s  %-14s  %6s  %5s\n", "who", "pid", "tid", "address", "before", "after");
    for (int i = 0; i < NOTES; i++) {
        const struct note *note = &notes[order[i]];

        printf("%-9s  %7ld  %7ld  %-14p  %6d  %5d\n", note->who, note->pid, note->tid,
            (void *)(uintptr_t)note->address, note->before, note->after);
    }
    bool one_process = notes[THREAD_A].pid == notes[MAIN].pid &&
                       notes[THREAD_B].pid == notes[MAIN].pid;
    printf("\n%s at one address:\n%s.\n",
        one_process ? "One process, and one number" : "Several processes, and numbers",
        notes[THREAD_B].before == notes[THREAD_A].after ? "what Thread-A wrote, Thread-B found"
                                                        : "what Thread-A wrote, nobody found");
}
