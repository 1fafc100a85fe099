/* SPDX-License-Identifier: MIT */
/*
 * steering - which read saw which write, over all executions of a search, and wishes for the next
 * one: combinations that have not been seen (Wolff et al., Greybox Fuzzing for Concurrency Testing,
 * ASPLOS'24). And which places in the code there are where a task may be overtaken.
 */
#ifndef EXPLORE_STEERING_H
#define EXPLORE_STEERING_H

#include "explore/executor.h"

struct steering;

struct steering *steering_new(void);
void steering_free(struct steering *s);

/* `all_is_visible`: the execution stopped at memory that tasks do not share, too. */
void steering_learn(struct steering *s, const struct execution *x, bool all_is_visible);

/* Fills in one steer that holds tasks at a place in the code, another one each time. */
void steering_hold(struct steering *s, struct trace_plan *plan, uint64_t random);

/* Fills in the plan's steers; none when there is nothing to wish for. `random` is any number. */
void steering_wish(struct steering *s, struct trace_plan *plan, uint64_t random);

#endif
