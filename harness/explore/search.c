/* SPDX-License-Identifier: MIT */
#include "explore/search.h"

#include "explore/steering.h"

#include <string.h>
#include <time.h>

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

uint64_t search_seed(const struct search *s, uint64_t number)
{
    uint64_t z = s->options->seed * 0x9e3779b97f4a7c15ull + number * 0xd1342543de82ef95ull + 1;

    z = (z ^ z >> 31) * 0xbf58476d1ce4e5b9ull;
    return z ^ z >> 29;
}

struct trace_plan *search_plan(struct search *s)
{
    return search_plan_job(s, 0, s->n_watches);
}

struct trace_plan *search_plan_job(struct search *s, int j, uint32_t n_watches)
{
    struct trace_plan *plan = executor_plan(s->executors[j]);
    uint32_t known = plan->watch_stamp;

    /* The long tables at the end are only as valid as their counts say. */
    memset(plan, 0, offsetof(struct trace_plan, expected));
    plan->max_steps = SEARCH_MOST_STEPS;
    plan->cpu_ms = SEARCH_CPU_MS;
    plan->spurious = (uint32_t)s->options->spurious;
    plan->n_watches = n_watches;
    plan->watch_stamp = n_watches + 1;
    if (known != plan->watch_stamp)
        memcpy(plan->watches, s->watches, n_watches * sizeof(*s->watches));
    return plan;
}

static bool knows(const struct search *s, const struct trace_watch *w)
{
    unsigned mask = 0;

    for (uint32_t i = 0; i < s->n_watches; i++)
        if (s->watches[i].unit == w->unit)
            mask |= s->watches[i].mask;
    return (w->mask & ~mask) == 0;
}

bool search_watch(struct search *s, const struct trace_watch *found, uint32_t n_found)
{
    bool some = false;

    for (uint32_t i = 0; i < n_found && s->n_watches < TRACE_WATCHES; i++) {
        if (knows(s, &found[i]))
            continue;
        s->watches = xrealloc(s->watches, (s->n_watches + 1) * sizeof(*s->watches));
        s->watches[s->n_watches++] = (struct trace_watch){
            .unit = found[i].unit, .mask = found[i].mask & 0xff};
        some = true;
    }
    return some;
}

static void learn(struct search *s, const struct execution *x, bool all_is_visible)
{
    if (x->result->n_events > s->length) {
        s->length = x->result->n_events;
        for (uint32_t i = 0; i < x->result->n_tasks; i++)
            s->expected[i] = x->tasks[i].events;
    }
    search_watch(s, x->found, x->result->n_found);
    steering_learn(s->steering, x, all_is_visible);
}

static bool is_cut_off(enum trace_end end)
{
    return end == END_NONE || end == END_STEPS || end == END_CPU || end == END_STUCK ||
           end == END_UNSUPPORTED;
}

/* Ended by a clock: such an execution takes a second or more, so a search can have only a few. */
static bool is_by_the_clock(enum trace_end end)
{
    return end == END_CPU || end == END_STUCK;
}

/* A program that loops makes executions of thousands of steps, each of which is as dear as many
 * short ones. Counting steps and not seconds keeps a search the same on every machine. */
int search_take(struct search *s, const struct execution *x, uint32_t n_watches, uint32_t flags,
    struct buf *err)
{
    int index;

    s->executions++;
    if (s->jobs == 1 && s->executions % SEARCH_LOOK_EVERY == 0 && placement_look(&s->placement))
        executor_move(s->executor, s->placement.cpu);
    s->spent += 1 + x->result->n_events / SEARCH_SHORT_STEPS;
    s->weak_orders |= x->result->weak_orders > 0;
    if (x->lost || x->result->waited || is_by_the_clock((enum trace_end)x->result->end))
        s->spent += s->limit / 3;
    learn(s, x, flags & PLAN_WATCH_ALL);
    s->cut_off += is_cut_off((enum trace_end)x->result->end);
    s->cut_loops += x->result->cut_loops > 0;
    if (x->result->end == END_PRUNED || x->result->end == END_DIVERGED) {
        s->pruned++;
        return 0;
    }
    index = outcomes_add(&s->outcomes, x, n_watches, flags, err);
    if (index < 0)
        return -1;
    if (!s->outcomes.items[index].outcome.first)
        s->outcomes.items[index].outcome.first = s->executions;
    if (!s->first_failure && outcome_failed(&s->outcomes.items[index].outcome))
        s->first_failure = s->executions;
    return 0;
}

int search_begin(struct search *s, int j, struct buf *err)
{
    return executor_begin(s->executors[j], err);
}

const struct execution *search_end(struct search *s, int j, struct buf *err)
{
    return executor_end(s->executors[j], err);
}

const struct execution *search_execute(struct search *s, struct buf *err)
{
    uint32_t n_watches = s->n_watches, flags = executor_plan(s->executor)->flags;
    const struct execution *x = executor_run(s->executor, err);

    return x && !search_take(s, x, n_watches, flags, err) ? x : NULL;
}

void search_phase(struct search *s, bool exhaustive)
{
    for (size_t i = 0; exhaustive && i < s->outcomes.count; i++) {
        s->outcomes.items[i].count[1] += s->outcomes.items[i].count[0];
        s->outcomes.items[i].count[0] = 0;
    }
    s->outcomes.exhaustive = exhaustive;
}

bool search_is_over(const struct search *s)
{
    return s->spent >= s->limit || (s->first_failure && !s->options->keep_going) ||
           (s->ends_at > 0 && now() >= s->ends_at);
}
