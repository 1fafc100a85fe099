/* SPDX-License-Identifier: MIT */
/*
 * lost_update - you are the scheduler.
 *
 * Two threads, A and B, run the code of counter.c: each of them adds 1 to the same counter `rounds`
 * times, without any lock. A round is two steps, read and write, and between any two steps the
 * other thread may take as many steps as it likes. That choice is yours. A schedule says who goes
 * on, step by step, until both threads have taken all their 2 × rounds steps:
 *
 *     let(s, A, 2);     // A reads, A writes: one round
 *     let(s, B, 1);     // B reads
 *     ...
 *
 * The judge makes the threads do exactly that, and looks at the counter.
 */
#ifndef LOST_UPDATE_H
#define LOST_UPDATE_H

#include "interleave.h"

enum thread { A, B };
enum { MOST_ROUNDS = 50 };

/* A list of steps, empty at first. It belongs to the judge, like the function that fills it. */
struct schedule;

/* Appends: `who` takes its next `steps` steps, one right after the other. 0 steps are none. */
void let(struct schedule *s, enum thread who, int steps);

/* counter.c: the counter, which starts at 0, and what both threads run. */
extern long counter;
void *add_ones(void *rounds);

/*
 * Your part. `rounds` is between 1 and MOST_ROUNDS. Each function appends a schedule in which each
 * of the two threads takes exactly 2 * rounds steps.
 */

/* A schedule in which exactly one update is lost: in the end the counter is 2 * rounds - 1. */
void lose_one(struct schedule *s, int rounds);

/* A schedule after which the counter is as small as any schedule can make it. */
void smallest_total(struct schedule *s, int rounds);

#endif
