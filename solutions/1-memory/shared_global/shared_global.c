/* SPDX-License-Identifier: MIT */
#include "shared_global.h"

#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

int shared_number = 1;

/* Who looks, and from where. Threads of one process agree on the pid and on the address. */
static void sign(struct note *note)
{
    note->pid = getpid();
    note->tid = gettid();
    note->address = &shared_number;
}

/* One turn. The thread is handed its own note, with its name already in it, so that two threads can
 * run the same function and still write to different places. */
static void *turn(void *argument)
{
    struct note *note = argument;

    sign(note);
    note->before = shared_number;
    shared_number = NEW_NUMBER;
    note->after = shared_number;
    return NULL;
}

int take_turns(struct note notes[NOTES])
{
    static const char *const names[NOTES] = {"Thread-A", "Thread-B", "main"};

    for (int i = 0; i < NOTES; i++)
        snprintf(notes[i].who, sizeof notes[i].who, "%s", names[i]);
    sign(&notes[MAIN]);
    notes[MAIN].before = shared_number;

    for (int i = THREAD_A; i <= THREAD_B; i++) {
        pthread_t id;
        int error = pthread_create(&id, NULL, turn, &notes[i]);

        if (error != 0)
            return error;
        /* The join does two things: Thread-B cannot begin before Thread-A has ended, and all that
         * Thread-A wrote, the global and its note, is visible to whoever comes after. The order in
         * which threads are *created* promises neither. */
        pthread_join(id, NULL);
    }
    notes[MAIN].after = shared_number;
    return 0;
}
