/* SPDX-License-Identifier: MIT */
/*
 * random - the portfolio: policies by turns, half of the executions steered. No single policy is
 * good everywhere; a portfolio is never far from the best of its members. In the very first
 * execution everything is visible, because nothing is known yet.
 */
#include "explore/search.h"
#include "explore/steering.h"

static const struct turn {
    enum trace_policy policy;
    uint32_t depth;
    bool steered;
} turns[] = {
    {POLICY_URW, 0, false},
    {POLICY_WALK, 0, true},
    {POLICY_POS, 0, false},
    {POLICY_URW, 0, true},
    {POLICY_PCT, 2, false},
    {POLICY_POS, 0, true},
    {POLICY_WALK, 0, false},
    {POLICY_WALK, 0, true},
    {POLICY_PCT, 3, false},
    {POLICY_URW, 0, true},
};

static void plan_turn(struct search *s, struct trace_plan *plan, long number)
{
    const struct turn *turn = &turns[(size_t)number % (sizeof(turns) / sizeof(turns[0]))];

    plan->policy = turn->policy;
    plan->depth = turn->depth;
    plan->length = s->length;
    plan->seed = search_seed(s, (uint64_t)number);
    for (int i = 0; i < TRACE_TASKS; i++)
        plan->expected[i] = s->expected[i];
    if (number == 0)
        plan->flags |= PLAN_WATCH_ALL;
    if (turn->steered)
        steering_wish(s->steering, plan, search_seed(s, ~(uint64_t)number));
}

int random_search(struct search *s, long budget, struct buf *err)
{
    long end = s->spent + budget;

    while (s->spent < end && !search_is_over(s)) {
        plan_turn(s, search_plan(s), s->executions);
        if (!search_execute(s, err))
            return -1;
    }
    return 0;
}
