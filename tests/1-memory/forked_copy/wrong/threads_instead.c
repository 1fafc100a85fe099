// expect: two_processes@plain WRONG
// why: the turns are taken by two threads of the same process.
#include "forked_copy.h"

#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

int copied_number = 1;

static void *turn(void *argument)
{
    struct note *note = argument;

    note->pid = getpid();
    note->tid = gettid();
    note->address = &copied_number;
    note->before = copied_number;
    copied_number = NEW_NUMBER;
    note->after = copied_number;
    return NULL;
}

int take_turns(struct note notes[NOTES])
{
    snprintf(notes[MAIN].who, sizeof notes[MAIN].who, "main");
    notes[MAIN].pid = getpid();
    notes[MAIN].tid = gettid();
    notes[MAIN].address = &copied_number;
    notes[MAIN].before = copied_number;

    for (int i = PROCESS_A; i <= PROCESS_B; i++) {
        pthread_t id;

        snprintf(notes[i].who, sizeof notes[i].who, "Process-%c", "AB"[i]);
        pthread_create(&id, NULL, turn, &notes[i]);
        pthread_join(id, NULL);
    }
    notes[MAIN].after = copied_number;
    return 0;
}
