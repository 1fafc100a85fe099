// expect: failure_is_reported@plain WRONG
// why: a thread that could not be created is not missed: take_turns says that all went well.
#include "shared_global.h"

#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

int shared_number = 1;

static void *turn(void *argument)
{
    struct note *note = argument;

    note->pid = getpid();
    note->tid = gettid();
    note->address = &shared_number;
    note->before = shared_number;
    shared_number = NEW_NUMBER;
    note->after = shared_number;
    return NULL;
}

int take_turns(struct note notes[NOTES])
{
    notes[MAIN] = (struct note){"main", shared_number, 0, getpid(), gettid(), &shared_number};
    for (int i = THREAD_A; i <= THREAD_B; i++) {
        pthread_t id;

        snprintf(notes[i].who, sizeof notes[i].who, "Thread-%c", 'A' + i);
        if (pthread_create(&id, NULL, turn, &notes[i]) == 0)
            pthread_join(id, NULL);
    }
    notes[MAIN].after = shared_number;
    return 0;
}
