// expect: memory_is_clean@asan LEAK
// why: what the threads are handed is allocated and never freed.
#include "shared_global.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int shared_number = 1;

struct task {
    struct note *note;
};

static void sign(struct note *note)
{
    note->pid = getpid();
    note->tid = gettid();
    note->address = &shared_number;
}

static void *turn(void *argument)
{
    struct note *note = ((struct task *)argument)->note;

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

    for (int i = THREAD_A; i <= THREAD_B; i++) {
        pthread_t id;
        struct task *task = malloc(sizeof *task);

        if (task == NULL)
            return 12;
        task->note = &notes[i];
        pthread_create(&id, NULL, turn, task);
        pthread_join(id, NULL);
    }
    notes[MAIN].after = shared_number;
    return 0;
}
