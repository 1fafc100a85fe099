// expect: turns_are_taken@explore WRONG
// why: both threads are handed the same variable, which says B before Thread-A has looked at it.
#include "shared_global.h"

#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

int shared_number = 1;

static void sign(struct note *note)
{
    note->pid = getpid();
    note->tid = gettid();
    note->address = &shared_number;
}

static void *turn(void *argument)
{
    struct note *note = *(struct note **)argument;

    sign(note);
    note->before = shared_number;
    shared_number = NEW_NUMBER;
    note->after = shared_number;
    return NULL;
}

int take_turns(struct note notes[NOTES])
{
    snprintf(notes[THREAD_A].who, sizeof notes[THREAD_A].who, "Thread-A");
    snprintf(notes[THREAD_B].who, sizeof notes[THREAD_B].who, "Thread-B");
    snprintf(notes[MAIN].who, sizeof notes[MAIN].who, "main");
    sign(&notes[MAIN]);
    notes[MAIN].before = shared_number;

    pthread_t ids[2];
    struct note *note;

    for (int i = 0; i < 2; i++) {
        note = &notes[i];
        pthread_create(&ids[i], NULL, turn, &note);
    }
    for (int i = 0; i < 2; i++)
        pthread_join(ids[i], NULL);
    notes[MAIN].after = shared_number;
    return 0;
}
