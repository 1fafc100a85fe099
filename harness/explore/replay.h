/* SPDX-License-Identifier: MIT */
/*
 * replay - schedules that mean the same on any day, and shorter ones.
 *
 * A schedule counts choices, and what is a choice depends on which memory is visible. So every
 * replay first *calibrates*: a few executions that depend on nothing but the program, from which
 * the set of shared memory is learnt. A search puts the schedules that it gives away in terms of
 * that set.
 */
#ifndef EXPLORE_REPLAY_H
#define EXPLORE_REPLAY_H

#include "explore/search.h"

/* Gives each outcome of the search its schedule as text; minimises those of failures when the
 * options say so. */
int replay_schedules(struct search *s, struct buf *err);

#endif
