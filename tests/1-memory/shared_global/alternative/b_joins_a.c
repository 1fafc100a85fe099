// why: Thread-B itself joins Thread-A, whose id it finds beside its note.
#include "shared_global.h"

#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

int shared_number = 1;

struct turn {
    struct note *note;
    pthread_t first; /* joined before the turn, if `wait` */
    int wait;
};

static void sign(struct note *note)
{
    note->pid = getpid();
    note->tid = gettid();
    note->address = &shared_number;
}

static void *turn(void *argument)
{
    struct turn *mine = argument;
    struct note *note = mine->note;

    if (mine->wait)
        pthread_join(mine->first, NULL);
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

    struct turn turns[2] = {{&notes[THREAD_A], 0, 0}, {&notes[THREAD_B], 0, 1}};
    pthread_t last;

    int error = pthread_create(&turns[1].first, NULL, turn, &turns[0]);

    if (error != 0)
        return error;
    error = pthread_create(&last, NULL, turn, &turns[1]);
    pthread_join(error == 0 ? last : turns[1].first, NULL);
    notes[MAIN].after = shared_number;
    return error;
}
