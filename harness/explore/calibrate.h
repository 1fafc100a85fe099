/* SPDX-License-Identifier: MIT */
/*
 * calibrate - the set of shared memory that every schedule of a program is written in. A few fixed
 * executions find it; they depend on the program and on nothing else.
 */
#ifndef EXPLORE_CALIBRATE_H
#define EXPLORE_CALIBRATE_H

#include "explore/executor.h"

struct watch_set {
    struct trace_watch *items;
    uint32_t count;
};

#define WATCH_SET_EMPTY ((struct watch_set){0})

void watch_set_release(struct watch_set *w);
bool watch_set_has(const struct watch_set *w, const struct trace_watch *item);
void watch_set_add(struct watch_set *w, const struct trace_watch *item);

/* Does an operation touch memory of the set (or is it no access to memory)? */
bool watch_set_shows(const struct watch_set *w, const struct trace_op *op);

/* Fills in all of the plan but prefix and policy: everything else empty, this set watched. */
void watch_set_plan(const struct watch_set *w, struct trace_plan *plan, int spurious);

int calibrate(struct executor *e, struct watch_set *ret, struct buf *err);

#endif
