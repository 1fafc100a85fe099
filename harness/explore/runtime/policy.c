/* SPDX-License-Identifier: MIT */
/*
 * policy - who goes on when the plan's prefix has nothing to say.
 *
 *   STAY  the running task; the base of exhaustive and bounded search
 *   WALK  random walk
 *   PCT   Burckhardt, Kothari, Musuvathi, Nagarakatte: A Randomized Scheduler with Probabilistic
 *         Guarantees of Finding Bugs (ASPLOS'10)
 *   POS   Yuan, Yang, Gu: Partial Order Aware Concurrency Sampling (CAV'18)
 *   URW   weights by remaining events, as in Zhao, Wolff, Mathur, Roychoudhury: Selectively Uniform
 *         Concurrency Testing (ASPLOS'25)
 */
#include "explore/runtime/world.h"

enum { BASE_PRIORITY = 1 << 20, FAIR_AFTER = 3000 };

uint64_t random_next(void)
{
    uint64_t z = world->random += 0x9e3779b97f4a7c15ull; /* splitmix64 */

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ z >> 27) * 0x94d049bb133111ebull;
    return z ^ z >> 31;
}

uint32_t random_below(uint32_t bound)
{
    return (uint32_t)((random_next() >> 32) * bound >> 32);
}

void policy_begin(void)
{
    const struct trace_plan *plan = &arena->plan;
    uint32_t points = plan->depth > 1 ? plan->depth - 1 : 0;

    world->random = plan->seed;
    world->n_change_points = 0;
    if (plan->policy != POLICY_PCT)
        return;
    if (points > sizeof(world->change_points) / sizeof(world->change_points[0]))
        points = sizeof(world->change_points) / sizeof(world->change_points[0]);
    for (; world->n_change_points < points; world->n_change_points++)
        world->change_points[world->n_change_points] = 1 + random_below(
                                                               plan->length ? plan->length : 1);
}

/* A task has come to its next operation. */
void policy_published(struct task *t)
{
    if (arena->plan.policy == POLICY_POS)
        t->priority = random_next() | 1;
    else if (arena->plan.policy == POLICY_PCT && !t->priority)
        t->priority = BASE_PRIORITY + (random_next() >> 24);
}

/* Nobody's sleep ends while others can go on; then the shortest. (That it may end at any time is
 * for the search to try.) */
static int first_to_wake(const struct task_set *candidates)
{
    struct task_set rest = *candidates;
    int first = NO_TASK;

    while (!task_set_empty(&rest)) {
        int i = task_set_first(&rest);

        task_set_remove(&rest, (unsigned)i);
        if (world->tasks[i].pending.kind != OP_SLEEP)
            return NO_TASK;
        if (first == NO_TASK || world->tasks[i].sleep_ends < world->tasks[first].sleep_ends)
            first = i;
    }
    return first;
}

/* A loop that waits for others without looking like it would go on for ever under a policy that
 * prefers its task. No real scheduler is that unfair. */
static bool is_long(void)
{
    return world->steps > FAIR_AFTER;
}

/* Drawn by the number of the step: then it is the same each time, and no choice to write down. */
static int drawn(struct task_set set)
{
    uint32_t skip = (uint32_t)(world->steps * 2654435761u) >> 16;

    for (skip %= (uint32_t)task_set_count(&set); skip; skip--)
        task_set_remove(&set, (unsigned)task_set_first(&set));
    return task_set_first(&set);
}

int policy_stay(const struct task_set *candidates)
{
    struct task_set rest = *candidates;
    int first = first_to_wake(candidates);

    if (first != NO_TASK)
        return first;
    for (unsigned i = 0; i < world->n_tasks; i++)
        if (world->tasks[i].pending.kind == OP_SLEEP)
            task_set_remove(&rest, i);
    if (is_long() && !task_set_empty(&rest))
        return drawn(rest);
    return task_set_has(&rest, (unsigned)world->running) ? world->running : task_set_first(&rest);
}

static int choose_walk(const struct task_set *candidates)
{
    struct task_set rest = *candidates;
    uint32_t skip = random_below((uint32_t)task_set_count(candidates));

    while (skip--)
        task_set_remove(&rest, (unsigned)task_set_first(&rest));
    return task_set_first(&rest);
}

static int choose_priority(const struct task_set *candidates)
{
    struct task_set rest = *candidates;
    int best = task_set_first(&rest);

    while (!task_set_empty(&rest)) {
        int i = task_set_first(&rest);

        task_set_remove(&rest, (unsigned)i);
        if (world->tasks[i].priority > world->tasks[best].priority)
            best = i;
    }
    return best;
}

/* What a task is expected to do yet; the first task also stands for those not born. */
static uint64_t weight_of(unsigned task)
{
    const struct trace_plan *plan = &arena->plan;
    uint64_t done = world->tasks[task].events, expected = plan->expected[task];

    if (task == 0)
        for (unsigned i = world->n_tasks; i < TRACE_TASKS; i++)
            expected += plan->expected[i];
    return expected > done ? expected - done : 1;
}

static int choose_weighted(const struct task_set *candidates)
{
    struct task_set rest = *candidates;
    uint64_t sum = 0, ticket;

    for (unsigned i = 0; i < world->n_tasks; i++)
        if (task_set_has(candidates, i))
            sum += weight_of(i);
    ticket = random_next() % sum;
    for (;;) {
        int i = task_set_first(&rest);
        uint64_t weight = weight_of((unsigned)i);

        if (ticket < weight)
            return i;
        ticket -= weight;
        task_set_remove(&rest, (unsigned)i);
    }
}

static int (*const choosers[POLICY_COUNT])(const struct task_set *) = {
    [POLICY_STAY] = policy_stay,
    [POLICY_WALK] = choose_walk,
    [POLICY_PCT] = choose_priority,
    [POLICY_POS] = choose_priority,
    [POLICY_URW] = choose_weighted,
};

/* That a process ends while others are at work is possible, and mostly uninteresting. */
static void defer_exits(struct task_set *candidates)
{
    struct task_set others = *candidates;

    for (unsigned i = 0; i < world->n_tasks; i++)
        if (world->tasks[i].pending.kind == OP_EXIT)
            task_set_remove(&others, i);
    if (!task_set_empty(&others) && random_below(8))
        *candidates = others;
}

static uint32_t fair(uint32_t policy)
{
    return policy != POLICY_STAY && is_long() ? POLICY_WALK : policy;
}

int policy_choose(const struct task_set *candidates)
{
    uint32_t policy = arena->plan.policy < POLICY_COUNT ? arena->plan.policy : POLICY_STAY;
    struct task_set some = *candidates;

    if (policy != POLICY_STAY)
        defer_exits(&some);
    return choosers[fair(policy)](&some);
}

/* POS draws again for operations that conflict with the one just executed; PCT lets a task fall at
 * its change points, and when it yields. */
void policy_executed(const struct trace_op *op)
{
    if (arena->plan.policy == POLICY_POS)
        for (uint32_t i = 0; i < world->n_tasks; i++) {
            struct task *t = &world->tasks[i];

            if (t->state == TRACE_TASK_PENDING && ops_depend(op, &t->pending))
                t->priority = random_next() | 1;
        }
    if (arena->plan.policy != POLICY_PCT)
        return;
    for (uint32_t i = 0; i < world->n_change_points; i++)
        if (world->change_points[i] == world->steps)
            me->priority = 1 + i + BASE_PRIORITY / 2;
    if (op->kind == OP_YIELD || op->flags & OPF_SPINNING)
        me->priority = BASE_PRIORITY / 2 - world->steps % (BASE_PRIORITY / 4);
}
