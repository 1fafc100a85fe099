/* SPDX-License-Identifier: MIT */
/*
 * explore - one search from beginning to end: which strategies in which order, and what may be
 * claimed in the end.
 */
#include "explore/explore.h"

#include "explore/replay.h"
#include "explore/search.h"
#include "explore/steering.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { WARM_UP = 64, NO_BOUND = -1 };

struct explore_options explore_options_default(void)
{
    return (struct explore_options){
        .strategy = EXPLORE_ALL,
        .preemptions = 2,
        .schedules = 4000,
        .seed = 1,
        .races_fail = true,
        .jobs = 1,
        .minimise = true,
    };
}

/* What the strategies found out about coverage. */
struct coverage {
    bool complete;
    long traces; /* when complete: how many different interleavings there are */
    int bound;
};

static long left(const struct search *s)
{
    return s->limit - s->spent;
}

static int run_dpor(struct search *s, long budget, struct coverage *c, struct buf *err)
{
    int result;

    result = dpor_search(s, budget, &c->complete, &c->traces, err);
    search_phase(s, false);
    return result;
}

static int run_bounded(struct search *s, long budget, struct coverage *c, struct buf *err)
{
    int result;

    result = bounded_search(s, s->options->preemptions, budget, &c->bound, &c->complete, err);
    search_phase(s, false);
    return result;
}

/* A few random executions find most bugs and show what memory is shared. Then all interleavings, if
 * they are few enough; if not, those with few preemptions; the rest of the budget is random. */
static int run_all(struct search *s, struct coverage *c, struct buf *err)
{
    long warm_up = s->limit / 4 < WARM_UP ? s->limit / 4 : WARM_UP;

    if (random_search(s, warm_up, err))
        return -1;
    if (!search_is_over(s) && run_dpor(s, left(s) / 2, c, err))
        return -1;
    if (c->complete || search_is_over(s))
        return 0;
    if (run_bounded(s, left(s) / 2, c, err))
        return -1;
    return c->complete ? 0 : random_search(s, left(s), err);
}

static int run_strategy(struct search *s, struct coverage *c, struct buf *err)
{
    switch (s->options->strategy) {
    case EXPLORE_DPOR:
        return run_dpor(s, left(s), c, err);
    case EXPLORE_BOUNDED:
        return run_bounded(s, left(s), c, err);
    case EXPLORE_RANDOM:
        return random_search(s, left(s), err);
    case EXPLORE_ALL:
    default:
        return run_all(s, c, err);
    }
}

/* Outcomes that only the exhaustive phase may count: it has each interleaving once. */
static void count_outcomes(struct search *s, struct coverage *c)
{
    for (size_t i = 0; i < s->outcomes.count; i++) {
        struct seen *seen = &s->outcomes.items[i];

        if (c->complete && seen->count[0] == 0)
            c->complete = false; /* seen at random, and not found: do not claim too much */
    }
    for (size_t i = 0; i < s->outcomes.count; i++) {
        struct seen *seen = &s->outcomes.items[i];

        seen->outcome.count = c->complete ? seen->count[0] : seen->count[0] + seen->count[1];
    }
}

static char *coverage_of(const struct search *s, const struct coverage *c)
{
    long n = s->executions - s->pruned;
    const char *loops = s->cut_loops ? ", waiting loops to their 20th round" : "";
    const char *stopped = s->first_failure && !s->options->keep_going ? ", the last of which failed"
                                                                      : "";

    if (c->complete && !s->cut_off && c->traces == 1)
        return xasprintf("the only interleaving was explored%s", loops);
    if (c->complete && !s->cut_off)
        return xasprintf("all %ld interleavings explored%s", c->traces ? c->traces : n, loops);
    if (c->bound >= 0 && !s->cut_off)
        return xasprintf("every schedule with at most %d preemption%s explored%s, and others: %ld "
                         "in all",
            c->bound, c->bound == 1 ? "" : "s", loops, n);
    return xasprintf("%ld interleaving%s tried%s; there are more", n, n == 1 ? "" : "s", stopped);
}

static char *claim_of(const struct search *s, const struct coverage *c)
{
    char *covered = coverage_of(s, c), *claim;

    if (!s->weak_orders)
        return covered;
    claim = xasprintf("%s (%s)", covered, EXPLORE_WEAK_ORDERS);
    free(covered);
    return claim;
}

static void give_result(
    struct search *s, struct coverage *c, double seconds, struct explore_result *ret)
{
    struct explore_result r = {.executions = s->executions,
        .complete = c->complete && !s->cut_off,
        .bound = c->bound,
        .first_failure = s->first_failure,
        .seed = s->options->seed,
        .weak_orders = s->weak_orders,
        .claim = claim_of(s, c)};

    r.executions_per_second = seconds > 0 ? (double)s->executions / seconds : 0;
    r.outcomes = xcalloc(s->outcomes.count + 1, sizeof(*r.outcomes));
    for (size_t i = 0; i < s->outcomes.count; i++) {
        r.outcomes[r.n_outcomes++] = s->outcomes.items[i].outcome;
        s->outcomes.items[i].outcome = OUTCOME_EMPTY;
    }
    *ret = r;
}

static double seconds_now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* One executor for each job, each on a CPU of its own as long as there are some. */
static int start_jobs(struct search *s, struct buf *err)
{
    int wanted = s->options->jobs;

    wanted = wanted < 1 ? 1 : wanted > SEARCH_JOBS ? SEARCH_JOBS : wanted;
    for (; s->jobs < wanted; s->jobs++) {
        s->executors[s->jobs] = executor_start(
            s->program, placement_next(&s->placement, s->jobs), err);
        if (!s->executors[s->jobs])
            return -1;
    }
    s->executor = s->executors[0];
    return 0;
}

static void search_release(struct search *s)
{
    for (int j = 0; j < s->jobs; j++)
        executor_stop(s->executors[j]);
    outcomes_release(&s->outcomes);
    steering_free(s->steering);
    free(s->watches);
}

int explore_search(const struct explore_program *p, const struct explore_options *o,
    struct explore_result *ret, struct buf *err)
{
    struct search s = {.program = p, .options = o, .limit = o->schedules};
    struct coverage c = {.bound = NO_BOUND};
    double start = seconds_now(), end;
    int result = -1;

    s.outcomes.races_fail = o->races_fail;
    s.ends_at = o->seconds > 0 ? start + o->seconds : 0;
    s.steering = steering_new();
    placement_pin(&s.placement);
    if (start_jobs(&s, err) || run_strategy(&s, &c, err))
        goto out;
    end = seconds_now();
    count_outcomes(&s, &c);
    if (replay_outcomes(&s, err))
        goto out;
    give_result(&s, &c, end - start, ret);
    result = 0;
out:
    placement_undo(&s.placement);
    search_release(&s);
    return result;
}

void explore_result_release(struct explore_result *r)
{
    for (size_t i = 0; i < r->n_outcomes; i++)
        outcome_release(&r->outcomes[i]);
    free(r->outcomes);
    free(r->claim);
    *r = EXPLORE_RESULT_EMPTY;
}
