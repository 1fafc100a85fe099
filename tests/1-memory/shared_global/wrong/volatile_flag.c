// expect: no_race@tsan RACE
// why: a volatile flag is no synchronisation: flag and number are touched by two threads at once.
#include "shared_global.h"

#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

int shared_number = 1;

static volatile int a_is_done;

static void sign(struct note *note)
{
    note->pid = getpid();
    note->tid = gettid();
    note->address = &shared_number;
}

static void *turn(void *argument)
{
    struct note *note = argument;

    sign(note);
    while (note->who[7] == 'B' && !a_is_done)
        ;
    note->before = shared_number;
    shared_number = NEW_NUMBER;
    note->after = shared_number;
    if (note->who[7] == 'A')
        a_is_done = 1;
    return NULL;
}

int take_turns(struct note notes[NOTES])
{
    snprintf(notes[THREAD_A].who, sizeof notes[THREAD_A].who, "Thread-A");
    snprintf(notes[THREAD_B].who, sizeof notes[THREAD_B].who, "Thread-B");
    snprintf(notes[MAIN].who, sizeof notes[MAIN].who, "main");
    sign(&notes[MAIN]);
    notes[MAIN].before = shared_number;

    pthread_t a, b;

    a_is_done = 0;
    pthread_create(&a, NULL, turn, &notes[THREAD_A]);
    pthread_create(&b, NULL, turn, &notes[THREAD_B]);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    notes[MAIN].after = shared_number;
    return 0;
}
