/* SPDX-License-Identifier: MIT */
/*
 * ahead - executions ahead of their turn. A depth-first search needs one result after the other;
 * what it will come back to later is known earlier, though, and idle jobs can run that meanwhile.
 * Whether a result was ready or had to be waited for makes no difference to the search.
 *
 *     ahead_begin(&a, &prefix, &sleep, &err);      // wanted now: on any job, unless it is there
 *     ahead_offer(&a, …)                           // wanted later, perhaps: on a job that is idle
 *     x = ahead_take(&a, &prefix, &sleep, &err);   // waits; valid until the next call
 */
#ifndef EXPLORE_AHEAD_H
#define EXPLORE_AHEAD_H

#include "explore/search.h"

enum { AHEAD_MOST = 256 };

struct ahead_item {
    struct schedule prefix;
    struct task_set sleep;
    int job;                /* -1: over */
    struct execution *kept; /* when it is over */
};

struct ahead {
    struct search *search;
    uint32_t n_watches;
    struct ahead_item items[AHEAD_MOST];
    size_t count;
    bool busy[SEARCH_JOBS];
    struct execution *taken;
};

void ahead_init(struct ahead *a, struct search *s);
void ahead_release(struct ahead *a); /* waits for what is under way */

int ahead_begin(
    struct ahead *a, const struct schedule *prefix, const struct task_set *sleep, struct buf *err);

/* Is there a job with nothing to do? */
bool ahead_has_room(struct ahead *a);
int ahead_offer(
    struct ahead *a, const struct schedule *prefix, const struct task_set *sleep, struct buf *err);

const struct execution *ahead_take(
    struct ahead *a, const struct schedule *prefix, const struct task_set *sleep, struct buf *err);

#endif
