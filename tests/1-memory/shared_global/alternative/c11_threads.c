// why: C11 threads; Thread-A creates Thread-B as the last act of its turn, and main joins it by way
// of A.
#include "shared_global.h"

#include <errno.h>
#include <stdio.h>
#include <threads.h>
#include <unistd.h>

int shared_number = 1;

static void sign(struct note *note)
{
    note->pid = getpid();
    note->tid = gettid();
    note->address = &shared_number;
}

static int turn(void *argument)
{
    struct note *note = argument;
    thrd_t next;

    sign(note);
    note->before = shared_number;
    shared_number = NEW_NUMBER;
    note->after = shared_number;
    if (note->who[7] == 'A') {
        if (thrd_create(&next, turn, note + 1) != thrd_success)
            return ENOMEM;
        thrd_join(next, NULL);
    }
    return 0;
}

int take_turns(struct note notes[NOTES])
{
    snprintf(notes[THREAD_A].who, sizeof notes[THREAD_A].who, "Thread-A");
    snprintf(notes[THREAD_B].who, sizeof notes[THREAD_B].who, "Thread-B");
    snprintf(notes[MAIN].who, sizeof notes[MAIN].who, "main");
    sign(&notes[MAIN]);
    notes[MAIN].before = shared_number;

    thrd_t first;

    if (thrd_create(&first, turn, &notes[THREAD_A]) != thrd_success)
        return ENOMEM;

    int error;

    thrd_join(first, &error);
    notes[MAIN].after = shared_number;
    return error;
}
