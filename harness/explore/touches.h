/* SPDX-License-Identifier: MIT */
/*
 * touches - which events of an execution may depend on an operation, without looking at all of
 * them: chains of events by the memory (or object) that they touch, the latest first.
 *
 *     touches_reset(&t);
 *     touches_add(&t, &op, i);                  // for events 0, 1, 2, … in this order
 *     for (walk = touches_walk(&t, &op); (i = touches_next(&walk)) >= 0;)
 *         if (ops_depend(&op_of[i], &op)) …     // a candidate is not yet a dependent event
 *
 * Every event that depends on the operation comes up, once.
 */
#ifndef EXPLORE_TOUCHES_H
#define EXPLORE_TOUCHES_H

#include "explore/trace.h"

enum { TOUCH_KEYS = 12 };

struct touch_link {
    int32_t event;
    int32_t previous; /* link of the same chain, -1 */
};

struct touch_chain {
    uint64_t key;
    uint32_t age; /* of another age: free */
    int32_t last; /* link */
};

struct touches {
    struct touch_link *links;
    uint32_t n_links, capacity;
    struct touch_chain *chains; /* hash table */
    uint32_t n_chains, slots;
    uint32_t age;
    int32_t last_event;
};

struct touch_walk {
    const struct touches *touches;
    int32_t at[TOUCH_KEYS]; /* links; of a walk over all events: event in at[0] */
    uint32_t n;
    bool all;
};

#define TOUCHES_EMPTY ((struct touches){.age = 1, .last_event = -1})

void touches_release(struct touches *t);
void touches_reset(struct touches *t);
void touches_add(struct touches *t, const struct trace_op *op, uint32_t event);
struct touch_walk touches_walk(const struct touches *t, const struct trace_op *op);

/* The next event further back, -1 at the end. Adding ends all walks. */
int32_t touches_next(struct touch_walk *w);

#endif
