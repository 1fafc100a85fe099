/* SPDX-License-Identifier: MIT */
/*
 * steering - which read saw which write, over all executions of a search, and wishes for the next
 * one: combinations that have not been seen (Wolff et al., Greybox Fuzzing for Concurrency Testing,
 * ASPLOS'24).
 */
#ifndef EXPLORE_STEERING_H
#define EXPLORE_STEERING_H

#include "explore/executor.h"

struct steering;

struct steering *steering_new(void);
void steering_free(struct steering *s);

void steering_learn(struct steering *s, const struct execution *x);

/* Fills in the plan's steers; none when there is nothing to wish for. `random` is any number. */
void steering_wish(struct steering *s, struct trace_plan *plan, uint64_t random);

#endif
