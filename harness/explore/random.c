/* SPDX-License-Identifier: MIT */
/*
 * random - the portfolio: policies by turns, some of the executions steered, and some with tasks
 * held at one place in the code. No single policy is good everywhere; a portfolio is never far from
 * the best of its members. In the very first execution everything is visible, because nothing is
 * known yet.
 */
#include "explore/search.h"
#include "explore/steering.h"

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
    if (turn->how == HELD)
        steering_hold(s->steering, plan, search_seed(s, ~(uint64_t)number));
    if (turn->how == STEERED)
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
