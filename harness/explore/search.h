/* SPDX-License-Identifier: MIT */
/*
 * search - what the strategies of one search share: the executor, the budget, what was learnt, the
 * outcomes seen.
 *
 *     plan = search_plan(s);                    // common fields are set, the rest is zero
 *     … prefix, policy, seed …
 *     x = search_execute(s, &err);              // runs it, counts it, learns from it
 *     if (!x) …                                 // we failed
 *     if (search_is_over(s)) …                  // budget, or a failure and nobody wants more
 *
 * Which memory is shared is learnt during the first executions and kept in `watches`, a list that
 * only grows. A strategy whose prefixes must not change their meaning sees by `n_watches` that it
 * has to begin again.
 *
 * Jobs are executors of the same program on several CPUs. Whatever their number, the same
 * executions are taken in the same order: so counts, outcomes and schedules are the same.
 */
#ifndef EXPLORE_SEARCH_H
#define EXPLORE_SEARCH_H

#include "explore/executor.h"
#include "explore/explore.h"
#include "explore/outcomes.h"
#include "explore/placement.h"
#include "explore/schedule.h"

enum {
    SEARCH_MOST_STEPS = 20000,
    SEARCH_CPU_MS = 1000,
    SEARCH_SHORT_STEPS = 256,
    SEARCH_JOBS = 32,
    SEARCH_LOOK_EVERY = 200, /* executions, at the placement */
};

struct steering;

struct search {
    const struct explore_program *program;
    const struct explore_options *options;
    struct executor *executor; /* the first of: */
    struct executor *executors[SEARCH_JOBS];
    int jobs;
    struct placement placement; /* of this process and the first job */
    struct outcome_set outcomes;
    struct trace_watch *watches;
    uint32_t n_watches;
    struct steering *steering;
    uint32_t expected[TRACE_TASKS]; /* events of each task in the longest execution so far */
    uint32_t length;                /* steps of the longest */
    long executions;
    long spent;     /* of the budget: a long execution counts as several, see search_execute() */
    long pruned;    /* of them: given up because they are covered by others */
    long cut_off;   /* of them: too long, or not under our control */
    long cut_loops; /* of them: a loop that may have a bound was held up after 20 rounds */
    bool weak_orders;
    long first_failure; /* number of the execution, from 1; 0: none */
    long limit;         /* budget, in executions of at most SEARCH_SHORT_STEPS */
    double ends_at;     /* monotonic seconds; 0: no limit */
};

struct trace_plan *search_plan(struct search *s);
const struct execution *search_execute(struct search *s, struct buf *err);

/* The same in steps, for several executions at a time: job `j` runs with what is watched now, and
 * is taken (counted and learnt from) in an order that does not depend on the number of jobs. */
struct trace_plan *search_plan_job(struct search *s, int j, uint32_t n_watches);
int search_begin(struct search *s, int j, struct buf *err);
const struct execution *search_end(struct search *s, int j, struct buf *err);
int search_take(struct search *s, const struct execution *x, uint32_t n_watches, uint32_t flags,
    struct buf *err);
bool search_is_over(const struct search *s);

/* Begins a phase that has each interleaving once if it completes (`exhaustive`), or ends it. What
 * was counted before, a broken-off start of the same phase too, counts as seen by others. */
void search_phase(struct search *s, bool exhaustive);

/* Adds to the list of watched memory; true when something was new. */
bool search_watch(struct search *s, const struct trace_watch *found, uint32_t n_found);

/* A mix of the search's seed and a number, for the plan of an execution. */
uint64_t search_seed(const struct search *s, uint64_t number);

/* The strategies. Each runs until it is done, has spent `budget`, or search_is_over(). 0, or -1
 * when we failed. */
int random_search(struct search *s, long budget, struct buf *err);
int bounded_search(struct search *s, int most_preemptions, long budget, int *ret_bound,
    bool *ret_complete, struct buf *err);
int dpor_search(
    struct search *s, long budget, bool *ret_complete, long *ret_traces, struct buf *err);

#endif
