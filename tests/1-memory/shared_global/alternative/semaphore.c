// why: both threads alive at once, Thread-B waits for a semaphore that Thread-A posts.
#include "shared_global.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <unistd.h>

int shared_number = 1;

static sem_t a_is_done;

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
    if (note->who[7] == 'B')
        sem_wait(&a_is_done);
    note->before = shared_number;
    shared_number = NEW_NUMBER;
    note->after = shared_number;
    if (note->who[7] == 'A')
        sem_post(&a_is_done);
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

    sem_init(&a_is_done, 0, 0);
    int error = pthread_create(&a, NULL, turn, &notes[THREAD_A]);

    if (error == 0) {
        error = pthread_create(&b, NULL, turn, &notes[THREAD_B]);
        if (error == 0)
            pthread_join(b, NULL);
        pthread_join(a, NULL);
    }
    sem_destroy(&a_is_done);
    notes[MAIN].after = shared_number;
    return error;
}
