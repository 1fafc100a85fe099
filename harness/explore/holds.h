/* SPDX-License-Identifier: MIT */
/*
 * holds - which locks a task holds when, from the events of an execution alone.
 */
#ifndef EXPLORE_HOLDS_H
#define EXPLORE_HOLDS_H

#include "explore/trace.h"

#include <stdbool.h>
#include <stddef.h>

struct hold {
    struct trace_place place;
    uint32_t since; /* event */
    bool reading;   /* a readers-writer lock that lets other readers in */
};
enum { HOLDS_MOST = 16 };

/* +1: the event takes the lock at `*ret_place`, an index in place[]; -1: gives it back; else 0. */
int holds_change(const struct trace_event *e, int *ret_place);

/* The locks that a task holds just before the event with index `event`; returns how many. `events`
 * reach at least as far. At most HOLDS_MOST are filled in. */
size_t holds_before(const struct trace_event *events, uint32_t event, int task, struct hold *ret);

/* Of the two accesses of a race the one where a lock is missing: which held fewer of the locks that
 * protect such an access (one that is held for reading protects no write). 0, the later access,
 * when both held as many, and when an access is not among the `n_events` events. */
int holds_less(
    const struct trace_event *events, uint32_t n_events, const struct trace_finding *race);

#endif
