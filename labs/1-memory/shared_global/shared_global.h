/* SPDX-License-Identifier: MIT */
/*
 * shared_global - two threads take turns with one global variable.
 *
 *     struct note notes[NOTES];
 *
 *     if (take_turns(notes) == 0)
 *         printf("%s saw %d\n", notes[THREAD_B].who, notes[THREAD_B].before);
 *
 * The twin of this exercise is `forked_copy`: the same contract, with processes instead of threads.
 */
#ifndef SHARED_GLOBAL_H
#define SHARED_GLOBAL_H

#include "interleave.h"

/* The variable that everything is about. It is defined in shared_global.c, starts at 1, and belongs
 * to whoever uses it: the caller may have changed it before it calls take_turns(). */
extern int shared_number;

enum { NEW_NUMBER = 2 };

/* What one thread saw. */
struct note {
    char who[16];        /* "Thread-A", "Thread-B" or "main" */
    int before;          /* `shared_number` when its turn began */
    int after;           /* `shared_number`, looked at again when its turn ended */
    long pid;            /* its process, as getpid() says it */
    long tid;            /* its thread, as gettid() says it */
    const void *address; /* where it found `shared_number` */
};

enum { THREAD_A, THREAD_B, MAIN, NOTES };

/*
 * Creates two threads, "Thread-A" and "Thread-B". Each has one turn: it notes `shared_number`, sets
 * it to NEW_NUMBER, and notes it again. Thread-B's turn begins only when Thread-A's turn is over,
 * however slow Thread-A is: something makes Thread-B wait, and it is not the clock.
 *
 * The calling thread is "main". It does not change `shared_number`; its `before` is the number when
 * take_turns() was called, its `after` the number when both turns were over.
 *
 * Fills in all of `notes`, which belongs to the caller: each thread writes its own note itself.
 * When it returns, both threads have ended and were joined, and nothing that was allocated is left.
 * Returns 0, or the error number of the call that failed; `notes` is of no use then.
 */
int take_turns(struct note notes[NOTES]);

#endif
