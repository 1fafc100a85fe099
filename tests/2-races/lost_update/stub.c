/* SPDX-License-Identifier: MIT */
/*
 * lost_update - your part. The promises are in lost_update.h, the threads' code is in counter.c;
 * this is the only file to edit.
 */
#include "lost_update.h"

/*
 * Promise: see lost_update.h. Each thread takes 2 * rounds steps, and the counter ends at
 * 2 * rounds - 1.
 * Question: a thread has read the counter and has not written yet. What may the other one do now,
 * so that its work is forgotten? And how do all the other rounds have to run, so that theirs is
 * not? See: README.md, "The picture"
 */
void lose_one(struct schedule *s, int rounds)
{
    (void)s;
    (void)rounds;
    LAB_TODO();
}

/*
 * Promise: see lost_update.h. No schedule of 2 * rounds steps each ends with less.
 * Question: what is the smallest number that a *last* write can possibly write, and what did that
 * thread read before? Does your rule hold for rounds == 1 as well?
 * See: README.md, "The picture"; lab explore lost_update
 */
void smallest_total(struct schedule *s, int rounds)
{
    (void)s;
    (void)rounds;
    LAB_TODO();
}
