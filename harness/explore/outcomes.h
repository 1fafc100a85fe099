/* SPDX-License-Identifier: MIT */
/*
 * outcomes - the set of different ends that a search has seen, each with a count and the first
 * schedule that led to it.
 *
 * Two executions have the same outcome when they ended the same way, said the same facts and had
 * the same kinds of findings. Thousands of executions are alike, so a hash of the raw bytes finds
 * most of them without making JSON again.
 */
#ifndef EXPLORE_OUTCOMES_H
#define EXPLORE_OUTCOMES_H

#include "base/outcome.h"
#include "explore/executor.h"
#include "explore/schedule.h"

struct seen {
    struct outcome outcome; /* without text of findings' places until outcomes_explain() */
    char *key;
    enum trace_end end;
    struct schedule schedule;
    uint32_t n_watches; /* of the search, when the schedule was run */
    uint32_t plan_flags;
    long count[2]; /* in the phase that is exhaustive, and in all others */
};

struct outcome_set {
    struct seen *items;
    size_t count;
    bool races_fail;
    bool exhaustive; /* the phase: which count goes up */
    struct raw *raw; /* hash of raw bytes to index */
    size_t n_raw, raw_capacity;
};

void outcomes_release(struct outcome_set *set);

/* Which outcome an execution has; a new one is added, with its schedule. Negative: the probe itself
 * could not work, see `err`. */
int outcomes_add(struct outcome_set *set, const struct execution *x, uint32_t n_watches,
    uint32_t plan_flags, struct buf *err);

/* The outcome of an execution, not added to anything. The same key: the same outcome. */
int outcome_of_execution(const struct execution *x, bool races_fail, struct outcome *ret,
    char **ret_key, struct buf *err);

static inline bool outcome_failed(const struct outcome *o)
{
    return o->verdict != VERDICT_PASS;
}

#endif
