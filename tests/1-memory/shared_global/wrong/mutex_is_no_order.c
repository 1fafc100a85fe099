// expect: turns_are_taken@explore WRONG
// why: a mutex keeps the turns apart, but says nothing about whose turn is first.
#include "shared_global.h"

#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

int shared_number = 1;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

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
    pthread_mutex_lock(&lock);
    note->before = shared_number;
    shared_number = NEW_NUMBER;
    note->after = shared_number;
    pthread_mutex_unlock(&lock);
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

    pthread_create(&a, NULL, turn, &notes[THREAD_A]);
    pthread_create(&b, NULL, turn, &notes[THREAD_B]);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    notes[MAIN].after = shared_number;
    return 0;
}
