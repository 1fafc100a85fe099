/* SPDX-License-Identifier: MIT */
#include "forked_copy.h"

#include "probe.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* take_turns() on notes with old bytes in them, which must not pass for an answer. A child that
 * comes back says so and ends here: the rest of the scenario is main's. */
static int take_dirty_turns(struct note notes[NOTES])
{
    long me = my_pid();

    memset(notes, 0x55, NOTES * sizeof *notes);
    if (arg_given("start"))
        copied_number = (int)arg_int("start");
    int result = take_turns(notes);
    if (my_pid() != me) {
        shared_add(0, 1);
        _exit(0);
    }
    for (int i = 0; i < NOTES; i++)
        notes[i].who[sizeof notes[i].who - 1] = '\0';
    return result;
}

/* Pids differ from run to run, so the facts are how they relate. */
SCENARIO(identity)
{
    struct note notes[NOTES];
    const struct note *a = &notes[PROCESS_A], *b = &notes[PROCESS_B];

    fact_int("result", take_dirty_turns(notes));
    fact_int("came_back", shared_get(0));
    fact_int("forked", spy(SPY_FORKS));
    fact_int("reaped", spy(SPY_REAPED));
    fact_int("pipes", spy(SPY_PIPES));
    fact_bool("main_is_us", notes[MAIN].pid == my_pid() && notes[MAIN].tid == my_tid());
    fact_bool("children_are_not_us", a->pid != my_pid() && b->pid != my_pid());
    fact_bool("children_differ", a->pid != b->pid);
    fact_bool("one_thread_each", a->tid == a->pid && b->tid == b->pid);
}

SCENARIO(copies)
{
    struct note notes[NOTES];

    fact_int("result", take_dirty_turns(notes));
    for (int i = 0; i < NOTES; i++) {
        fact_int("before", notes[i].before);
        fact_int("after", notes[i].after);
        fact_bool("address_is_ours", notes[i].address == &copied_number);
    }
    fact_int("left", copied_number);
    if (arg_given("names"))
        for (int i = 0; i < NOTES; i++)
            fact_str("who", notes[i].who);
}

/* Something is printed into a buffer before the call and flushed after it. */
SCENARIO(unflushed)
{
    struct note notes[NOTES];
    int ends[2];
    char bytes[64];

    if (pipe(ends) == -1)
        return;
    FILE *out = fdopen(ends[1], "w");
    fputs("once", out);
    fact_int("result", take_dirty_turns(notes));
    fclose(out);
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    ssize_t got = read(ends[0], bytes, sizeof bytes - 1);
    bytes[got < 0 ? 0 : got] = '\0';
    fact_str("printed", bytes);
    close(ends[0]);
}

/* Leaves room for that many more descriptors, so that a pipe cannot be opened. */
SCENARIO(no_room)
{
    struct note notes[NOTES];
    struct rlimit old, tight;
    int next = dup(0);

    close(next);
    getrlimit(RLIMIT_NOFILE, &old);
    tight = old;
    tight.rlim_cur = (rlim_t)(next + arg_int("room"));
    setrlimit(RLIMIT_NOFILE, &tight);
    fact_int("result", take_dirty_turns(notes));
    setrlimit(RLIMIT_NOFILE, &old);
    fact_int("forked", spy(SPY_FORKS));
    fact_int("reaped", spy(SPY_REAPED));
}

/* After that many processes there is no further one to be had. */
SCENARIO(no_process)
{
    struct note notes[NOTES];

    limit_tasks((int)arg_int("most"));
    fact_int("result", take_dirty_turns(notes));
    fact_int("forked", spy(SPY_FORKS));
    fact_int("reaped", spy(SPY_REAPED));
}

SCENARIO(demo)
{
    static const int order[NOTES] = {MAIN, PROCESS_A, PROCESS_B};
    struct note notes[NOTES];

    take_dirty_turns(notes);
    printf("%-9s  %7s  %7s  %-14s  %6s  %5s\n", "who", "pid", "tid", "address", "before", "after");
    for (int i = 0; i < NOTES; i++) {
        const struct note *note = &notes[order[i]];

        printf("%-9s  %7ld  %7ld  %-14p  %6d  %5d\n", note->who, note->pid, note->tid,
            (void *)(uintptr_t)note->address, note->before, note->after);
    }
    bool one_address = notes[PROCESS_A].address == notes[MAIN].address &&
                       notes[PROCESS_B].address == notes[MAIN].address;
    printf("\n%s:\n%s.\n", one_address ? "The same address in three processes" : "Three addresses",
        notes[PROCESS_B].before == notes[MAIN].after
            ? "what Process-A wrote there, neither Process-B nor main found"
            : "what Process-A wrote, Process-B found");
}
