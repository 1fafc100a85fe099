/* SPDX-License-Identifier: MIT */
/*
 * shorten - schedules in the terms of the calibrated set, and with fewer switches.
 *
 *     struct shortener sh = {.executor = e, .spurious = …, .races_fail = …};
 *     calibrate(e, &sh.base, &err);
 *     shorten_translate(&sh, …)    // the same outcome, written in the base set
 *     shorten(&sh, …)              // the same outcome, fewer switches
 */
#ifndef EXPLORE_SHORTEN_H
#define EXPLORE_SHORTEN_H

#include "explore/calibrate.h"
#include "explore/outcomes.h"

struct shortener {
    struct executor *executor;
    struct watch_set base;
    int spurious;
    bool races_fail;
    long runs_left;
    uint32_t pause_at; /* see trace.h */
};

/* Runs a schedule over the base set and its own extra watches. `flags`: of enum trace_plan_flag. */
const struct execution *shorten_run(
    struct shortener *sh, const struct schedule *s, uint32_t flags, struct buf *err);

/* Is this the outcome? */
bool shorten_same(const struct shortener *sh, const struct execution *x, const char *key);

/* From the set `known` (and PLAN_WATCH_ALL, perhaps) to the base set. 1 when that cannot be done.
 */
int shorten_translate(struct shortener *sh, const struct seen *seen, const struct watch_set *known,
    struct schedule *ret, struct buf *err);

/* Fewer preemptions, fewer switches, shorter; as long as runs are left. */
int shorten(struct shortener *sh, const char *key, struct schedule *s, struct buf *err);

#endif
