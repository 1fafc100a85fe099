/* SPDX-License-Identifier: MIT */
/*
 * forked_copy - two processes take turns with one global variable, and each finds a copy.
 *
 *     struct note notes[NOTES];
 *
 *     if (take_turns(notes) == 0)
 *         printf("%s saw %d\n", notes[PROCESS_B].who, notes[PROCESS_B].before);
 *
 * The twin of this exercise is `shared_global`: the same contract, with threads instead of
 * processes. Do that one first.
 */
#ifndef FORKED_COPY_H
#define FORKED_COPY_H

#include "interleave.h"

/* The variable that everything is about. It is defined in forked_copy.c, starts at 1, and belongs
 * to whoever uses it: the caller may have changed it before it calls take_turns(). */
extern int copied_number;

enum { NEW_NUMBER = 2 };

/* What one process saw. */
struct note {
    char who[16];        /* "Process-A", "Process-B" or "main" */
    int before;          /* `copied_number` when its turn began */
    int after;           /* `copied_number`, looked at again when its turn ended */
    long pid;            /* its process, as getpid() says it */
    long tid;            /* its thread, as gettid() says it */
    const void *address; /* where it found `copied_number` */
};

enum { PROCESS_A, PROCESS_B, MAIN, NOTES };

/*
 * Forks two children of the calling process, "Process-A" and "Process-B". Each has one turn: it
 * notes `copied_number`, sets it to NEW_NUMBER, and notes it again. Then it sends its note to the
 * caller through a pipe and ends: it never comes back from take_turns(), and what the caller had
 * printed, but not yet flushed, is not printed by the children too.
 *
 * The calling process is "main". It does not change `copied_number`; its `before` is the number
 * when take_turns() was called, its `after` the number when both children have ended.
 *
 * Fills in all of `notes`, which belongs to the caller, each note in its own place whichever child
 * was faster. When it returns, in whatever way, both children have been waited for, every pipe end
 * that was opened is closed, and nothing that was allocated is left.
 * Returns 0, or the error number of the call that failed (EMFILE when no pipe could be opened, for
 * example); `notes` is of no use then.
 */
int take_turns(struct note notes[NOTES]);

#endif
