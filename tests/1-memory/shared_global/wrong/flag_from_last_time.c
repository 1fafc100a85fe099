// expect: turns_are_taken@explore WRONG
// why: the flag that lets Thread-B go is still up when take_turns is called a second time.
#include "shared_global.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

int shared_number = 1;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static bool a_is_done;

static void sign(struct note *note)
{
    note->pid = getpid();
    note->tid = gettid();
    note->address = &shared_number;
}

static void *turn(void *argument)
{
    struct note *note = argument;

    pthread_mutex_lock(&lock);
    while (note->who[7] == 'B' && !a_is_done)
        pthread_cond_wait(&changed, &lock);
    sign(note);
    note->before = shared_number;
    shared_number = NEW_NUMBER;
    note->after = shared_number;
    a_is_done = true;
    pthread_cond_broadcast(&changed);
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

    int error = pthread_create(&b, NULL, turn, &notes[THREAD_B]);

    if (error != 0)
        return error;
    error = pthread_create(&a, NULL, turn, &notes[THREAD_A]);
    if (error == 0)
        pthread_join(a, NULL);
    else
        turn(&notes[THREAD_A]);
    pthread_join(b, NULL);
    notes[MAIN].after = shared_number;
    return error;
}
