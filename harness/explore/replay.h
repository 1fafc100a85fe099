/* SPDX-License-Identifier: MIT */
/*
 * replay - schedules that mean the same on any day, and one execution of such a schedule.
 *
 * A schedule counts choices, and what is a choice depends on which memory is visible. So every
 * replay first *calibrates*: a few executions that depend on nothing but the program, from which
 * the set of shared memory is learnt. A search translates the schedules that it gives away into the
 * terms of that set.
 *
 *     struct replay r = REPLAY_EMPTY;
 *     if (replay_schedule(&program, &options, "x1:0,1*2", &r, &err)) …   // we failed, or no
 * schedule r.execution                  // events, tasks, findings, frames, blocks: see trace.h
 *     r.outcome                    // how it ended, with findings and their places
 *     r.remark                     // NULL, or what did not fit: other program, diverged, left over
 *     replay_release(&r);
 *
 * The same schedule of the same program gives the same execution, event by event.
 */
#ifndef EXPLORE_REPLAY_H
#define EXPLORE_REPLAY_H

#include "explore/search.h"

struct replay {
    struct execution execution; /* valid until replay_release() */
    struct outcome outcome;
    char *remark;
    struct executor *executor; /* owns what `execution` points to */
};

#define REPLAY_EMPTY ((struct replay){.outcome = OUTCOME_EMPTY})

/* Of `options`, `spurious` and `races_fail` count, and have to be those of the search. */
int replay_schedule(const struct explore_program *p, const struct explore_options *o,
    const char *schedule, struct replay *ret, struct buf *err);

void replay_release(struct replay *r);

/* The same execution once more, up to its event number `at` (from 1): there it stands still, with
 * all of its tasks, while `look` is called with the system's id of its process. */
int replay_until(const struct explore_program *p, const struct explore_options *o,
    const char *schedule, uint32_t at, void (*look)(void *arg, int pid), void *arg,
    struct buf *err);

/* For searches: gives each outcome its schedule as text, and findings with their places; makes
 * schedules shorter when the options say so. */
int replay_outcomes(struct search *s, struct buf *err);

#endif
