/* SPDX-License-Identifier: MIT */
/*
 * random - the portfolio: policies by turns, some of the executions steered, and some with tasks
 * held at one place in the code. No single policy is good everywhere; a portfolio is never far from
 * the best of its members. In the very first execution everything is visible, because nothing is
 * known yet.
 */
#include "explore/search.h"
#include "explore/steering.h"

#include <string.h>

enum { ROUND = 32 };

static const struct turn {
    enum trace_policy policy;
    uint32_t depth;
    enum { FREE, STEERED, HELD } how;
} turns[] = {
    {POLICY_URW, 0, FREE},
    {POLICY_WALK, 0, HELD},
    {POLICY_POS, 0, FREE},
    {POLICY_URW, 0, HELD},
    {POLICY_WALK, 0, STEERED},
    {POLICY_WALK, 0, HELD},
    {POLICY_PCT, 2, FREE},
    {POLICY_POS, 0, HELD},
    {POLICY_URW, 0, STEERED},
    {POLICY_WALK, 0, HELD},
    {POLICY_WALK, 0, FREE},
    {POLICY_URW, 0, HELD},
    {POLICY_POS, 0, STEERED},
    {POLICY_POS, 0, HELD},
    {POLICY_PCT, 3, FREE},
    {POLICY_WALK, 0, HELD},
};

/* What is decided about an execution in advance. */
struct draft {
    const struct turn *turn;
    uint64_t seed;
    uint32_t flags;
    uint32_t n_steers;
    struct trace_steer steers[TRACE_STEERS];
};

/* Executions that are planned together, by what was known before the first of them. At the
 * beginning there is much to learn, and a round is short. */
struct round {
    struct draft drafts[ROUND];
    int size;
    uint32_t n_watches, length;
    uint32_t expected[TRACE_TASKS];
};

static struct draft draft(struct search *s, long number)
{
    static struct trace_plan plan; /* for its steers */
    const struct turn *turn = &turns[(size_t)number % (sizeof(turns) / sizeof(turns[0]))];
    struct draft d = {.turn = turn, .seed = search_seed(s, (uint64_t)number)};

    plan.n_steers = 0;
    if (turn->how == HELD)
        steering_hold(s->steering, &plan, search_seed(s, ~(uint64_t)number));
    if (turn->how == STEERED)
        steering_wish(s->steering, &plan, search_seed(s, ~(uint64_t)number));
    d.n_steers = plan.n_steers;
    memcpy(d.steers, plan.steers, sizeof(d.steers));
    d.flags = number == 0 ? PLAN_WATCH_ALL : 0;
    return d;
}

static struct round plan_round(struct search *s)
{
    struct round r = {.n_watches = s->n_watches, .length = s->length};

    r.size = s->executions < 16 ? 1 : s->executions < 64 ? 4 : ROUND;
    memcpy(r.expected, s->expected, sizeof(r.expected));
    for (int i = 0; i < r.size; i++)
        r.drafts[i] = draft(s, s->executions + i);
    return r;
}

static int begin(struct search *s, const struct round *r, int i, struct buf *err)
{
    struct trace_plan *plan = search_plan_job(s, i % s->jobs, r->n_watches);
    const struct draft *d = &r->drafts[i];

    plan->policy = d->turn->policy;
    plan->depth = d->turn->depth;
    plan->length = r->length;
    plan->seed = d->seed;
    plan->flags = d->flags;
    plan->n_steers = d->n_steers;
    memcpy(plan->steers, d->steers, sizeof(plan->steers));
    memcpy(plan->expected, r->expected, sizeof(plan->expected));
    return search_begin(s, i % s->jobs, err);
}

/* Job i % jobs takes its next draft as soon as it has ended the one before. What is still under way
 * when the search is over is ended, and not looked at. */
static int run_round(struct search *s, const struct round *r, long end, struct buf *err)
{
    int begun = 0, result = 0;

    for (; begun < s->jobs && begun < r->size && !result; begun++)
        result = begin(s, r, begun, err);
    for (int i = 0; i < begun && !result; i++) {
        const struct execution *x = search_end(s, i % s->jobs, err);
        bool over = search_is_over(s) || s->spent >= end;

        if (!x)
            return -1;
        if (!over)
            result = search_take(s, x, r->n_watches, r->drafts[i].flags, err);
        if (!over && !result && begun < r->size)
            result = begin(s, r, begun++, err);
    }
    return result;
}

int random_search(struct search *s, long budget, struct buf *err)
{
    long end = s->spent + budget;

    while (s->spent < end && !search_is_over(s)) {
        struct round r = plan_round(s);

        if (run_round(s, &r, end, err))
            return -1;
    }
    return 0;
}
