/* SPDX-License-Identifier: MIT */
/*
 * dpor - every interleaving that matters, once: dynamic partial order reduction with sleep sets and
 * source sets. Two executions that differ only in the order of independent operations are the same
 * (a Mazurkiewicz trace); what is counted is traces.
 *
 * One execution runs to its end; its races say where another order has to be tried; the deepest
 * such place is next. The executions of a search differ in what they were told: the prefix up to
 * that place, and who sleeps there.
 */
#include "explore/path.h"
#include "explore/search.h"

#include <string.h>

/* A program of which one execution is longer than that has too many interleavings anyway. */
enum { MOST_EVENTS = 6000, TOO_LONG = 2 };

struct dpor {
    struct search *search;
    struct path path;
    long traces;
    uint32_t n_watches; /* frozen: prefixes keep their meaning */
};

/* The prefix up to node k, where `task` goes next. */
static void plan_branch(struct dpor *d, struct trace_plan *plan, int k, int task)
{
    struct node *n = &d->path.nodes[k];

    for (int i = 0; i < k; i++)
        if (d->path.nodes[i].flags & EVENT_CHOICE && plan->n_prefix < TRACE_PREFIX - 1)
            plan->prefix[plan->n_prefix++] = (uint8_t)d->path.nodes[i].task;
    plan->prefix[plan->n_prefix++] = (uint8_t)task;
    for (size_t i = 0; i < sizeof(plan->sleep.bits) / sizeof(plan->sleep.bits[0]); i++)
        plan->sleep.bits[i] = n->sleep.bits[i] | n->done.bits[i];
}

static int run(struct dpor *d, uint32_t from, struct buf *err)
{
    const struct execution *x = search_execute(d->search, err);

    if (!x)
        return -1;
    if (d->search->n_watches != d->n_watches)
        return 1; /* more is visible now: begin again */
    if (x->result->end == END_DIVERGED || (from && x->result->n_events <= from))
        return fail(err,
            "The program did not do the same thing twice (choice %u of a schedule that was "
            "executed before). Does it depend on something outside, such as a file or an address?",
            x->result->code);
    if (x->result->n_events > MOST_EVENTS)
        return TOO_LONG;
    d->traces += x->result->end != END_PRUNED;
    path_replace(&d->path, from, x);
    path_reverse_races(&d->path, from, x);
    return 0;
}

static int run_first(struct dpor *d, struct buf *err)
{
    struct trace_plan *plan = search_plan(d->search);

    search_phase(d->search, true);
    path_release(&d->path);
    d->traces = 0;
    d->n_watches = d->search->n_watches;
    plan->policy = POLICY_STAY;
    return run(d, 0, err);
}

static int run_branch(struct dpor *d, int k, struct buf *err)
{
    struct trace_plan *plan = search_plan(d->search);

    plan->policy = POLICY_STAY;
    plan_branch(d, plan, k, node_next(&d->path.nodes[k]));
    d->path.length = (uint32_t)k + 1;
    return run(d, (uint32_t)k, err);
}

int dpor_search(
    struct search *s, long budget, bool *ret_complete, long *ret_traces, struct buf *err)
{
    struct dpor d = {.search = s};
    long end = s->spent + budget;
    int result, k = -1;

    path_init(&d.path);
    result = run_first(&d, err);
    while (result >= 0 && result != TOO_LONG && !search_is_over(s) && s->spent < end) {
        if (result == 1) {
            result = run_first(&d, err);
            continue;
        }
        k = path_next(&d.path);
        if (k < 0)
            break;
        result = run_branch(&d, k, err);
    }
    *ret_complete = result == 0 && path_next(&d.path) < 0;
    *ret_traces = d.traces;
    path_release(&d.path);
    return result < 0 ? -1 : 0;
}
