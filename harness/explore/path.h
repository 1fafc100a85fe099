/* SPDX-License-Identifier: MIT */
/*
 * path - the execution that an exhaustive search stands at: one node for each event, with the
 * happens-before relation of the events (by dependence, not by synchronisation) and, for each node,
 * which tasks were tried there, which still have to be, and which sleep.
 *
 *     path_replace(p, k, x, plan_sleep);   // the events of x from k on take the place of the old
 * ones path_reverse_races(p, k, x);         // what those events race with: more to be tried k =
 * path_next(p);                    // the deepest node where a task is left to try, or -1
 *
 * Vector clocks count events: component t of an event's clock is the number (from 1) of the last
 * event of task t that happens before it or is it.
 */
#ifndef EXPLORE_PATH_H
#define EXPLORE_PATH_H

#include "explore/executor.h"
#include "explore/touches.h"

struct node {
    struct trace_op op;
    uint16_t task;
    uint16_t flags;            /* enum trace_event_flag */
    int32_t previous;          /* the same task's event before this, -1: its first */
    struct task_set enabled;   /* who could have gone here */
    struct task_set sleep;     /* … whose turn here is covered elsewhere */
    struct task_set backtrack; /* … who has to go here some time */
    struct task_set done;      /* … who did */
};

struct path {
    struct node *nodes;
    uint32_t *clocks; /* TRACE_TASKS for each node, of which `n_tasks` are in use */
    uint32_t length;
    uint32_t capacity;
    uint32_t n_tasks;
    struct touches touches;     /* of the nodes */
    int32_t last[TRACE_TASKS];  /* last event of each task, -1 */
    int32_t birth[TRACE_TASKS]; /* the event that created it, -1 */
};

void path_init(struct path *p);
void path_release(struct path *p);

/* Node `from` keeps what it knows about backtracking and sleep when it exists. */
void path_replace(struct path *p, uint32_t from, const struct execution *x);

void path_reverse_races(struct path *p, uint32_t from, const struct execution *x);

int path_next(const struct path *p);

/* Somebody who has to go at the node and has neither gone nor sleeps; -1: nobody. */
int node_next(const struct node *n);

#endif
