/* SPDX-License-Identifier: MIT */
/*
 * explore - run a program under every schedule, or under as many as a budget allows, and say which
 * ends there are. What links here is the *search*; the schedule runtime that is linked with the
 * student's code is in explore/runtime/.
 *
 *     struct explore_program p = {.path = "probe", .scenario = "count", .args = "threads=2"};
 *     struct explore_options o = explore_options_default();
 *     struct explore_result r = EXPLORE_RESULT_EMPTY;
 *     if (explore_search(&p, &o, &r, &err)) …          // could not explore: HARNESS_ERROR
 *     explore_result_release(&r);
 *
 * Budgets are counted in executions, not in seconds, unless `seconds` is set: the same program,
 * options and seed give the same executions, counts and schedules on any machine under any load.
 *  The same for any number of jobs: what is run ahead on other CPUs is counted in the order in
 * which one job alone would have run it. Not shared between threads.
 */
#ifndef EXPLORE_H
#define EXPLORE_H

#include "base/outcome.h"
#include "box/box.h"

#include <stdbool.h>
#include <stdint.h>

enum explore_strategy {
    EXPLORE_ALL,     /* exhaustive first; where that does not complete, bounded and random */
    EXPLORE_DPOR,    /* exhaustive: source-set DPOR with sleep sets */
    EXPLORE_BOUNDED, /* every schedule with at most `preemptions` preemptions */
    EXPLORE_RANDOM,  /* the portfolio */
};

struct explore_options {
    enum explore_strategy strategy;
    int preemptions; /* for EXPLORE_BOUNDED; default 2 */
    long schedules;  /* executions at most */
    double seconds;  /* 0: no limit in time */
    uint64_t seed;
    bool races_fail; /* a data race is a failure (default), or is only noted */
    int spurious;    /* spurious wake-ups per execution; 0 here, 1 in `lab` */
    int jobs;
    bool keep_going; /* count all outcomes instead of stopping at the first failure */
    bool minimise;   /* shorten the failing schedules */
    uint32_t only;   /* reserved, 0 */
};

struct explore_program {
    const char *path;     /* the static explore build */
    const char *scenario; /* NULL: the program has a main() of its own */
    const char *args;
    const struct box_spec *box; /* level, limits, binds and environment; argv and fds are ours */
    bool real_threads;          /* a debugger wants to see each task as a thread; slower */
};

/* Not tried: what a processor or a compiler may do with relaxed, acquire and release. */
#define EXPLORE_WEAK_ORDERS \
    "memory orders weaker than sequential consistency are run as sequentially consistent"

struct explore_result {
    long executions;
    bool complete;      /* every interleaving was explored */
    int bound;          /* preemptions that were covered completely; -1: none */
    long first_failure; /* number of the execution, from 1; 0: none */
    double executions_per_second;
    uint64_t seed;
    bool weak_orders; /* EXPLORE_WEAK_ORDERS is to be said; `claim` says it */
    char *claim;      /* the exact sentence: "all 20 interleavings explored", … */
    struct outcome *outcomes;
    size_t n_outcomes;
};

#define EXPLORE_RESULT_EMPTY ((struct explore_result){0})

struct explore_options explore_options_default(void);

int explore_search(const struct explore_program *p, const struct explore_options *o,
    struct explore_result *ret, struct buf *err);

void explore_result_release(struct explore_result *r);

#endif
