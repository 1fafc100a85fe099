/* SPDX-License-Identifier: MIT */
/*
 * dpor - every interleaving that matters, once: dynamic partial order reduction with sleep sets and
 * source sets. Two executions that differ only in the order of independent operations are the same
 * (a Mazurkiewicz trace); what is counted is traces.
 *
 * One execution runs to its end; its races say where another order has to be tried; the deepest
 * such place is next. The executions of a search differ in what they were told: the prefix up to
 * that place, and who sleeps there. With several jobs, places further up are run ahead (ahead.h).
 */
#include "explore/ahead.h"
#include "explore/path.h"
#include "explore/search.h"

#include <stdlib.h>
#include <string.h>

/* A program of which one execution is longer than that has too many interleavings anyway. */
enum { MOST_EVENTS = 6000, TOO_LONG = 2 };

struct dpor {
    struct search *search;
    struct ahead *ahead;
    struct path path;
    long traces;
    uint32_t n_watches; /* frozen: prefixes keep their meaning */
};

/* The prefix up to node k, where `task` goes next. */
static struct schedule prefix_of(const struct dpor *d, int k, int task)
{
    struct schedule s = SCHEDULE_EMPTY;

    for (int i = 0; i < k; i++)
        if (d->path.nodes[i].flags & EVENT_CHOICE && s.length < TRACE_PREFIX - 1)
            schedule_append(&s, d->path.nodes[i].task);
    schedule_append(&s, (unsigned)task);
    return s;
}

static struct task_set both(const struct task_set *a, const struct task_set *b)
{
    return (struct task_set){{a->bits[0] | b->bits[0], a->bits[1] | b->bits[1]}};
}

/* What is left to try at node k, as it will be tried unless more turns up: each task with those
 * before it asleep. `skip`: the first is under way already. */
static int offer_node(struct dpor *d, int k, bool skip, struct buf *err)
{
    struct node look = d->path.nodes[k];
    int task, result = 0;

    while ((task = node_next(&look)) >= 0 && !result && ahead_has_room(d->ahead)) {
        struct task_set sleep = both(&look.sleep, &look.done);
        struct schedule prefix = prefix_of(d, k, task);

        if (!skip)
            result = ahead_offer(d->ahead, &prefix, &sleep, err);
        schedule_release(&prefix);
        task_set_add(&look.done, (unsigned)task);
        skip = false;
    }
    return result;
}

static int offer_others(struct dpor *d, int k, struct buf *err)
{
    int result = 0;

    for (int i = k; i >= 0 && !result && ahead_has_room(d->ahead); i--)
        result = offer_node(d, i, i == k, err);
    return result;
}

static int take(struct dpor *d, const struct execution *x, uint32_t from, struct buf *err)
{
    if (!x || search_take(d->search, x, d->n_watches, 0, err))
        return -1;
    if (d->search->n_watches != d->n_watches)
        return 1; /* more is visible now: begin again */
    if (x->lost)
        return TOO_LONG; /* what comes after it cannot be known */
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
    struct schedule empty = SCHEDULE_EMPTY;
    struct task_set nobody = {{0}};

    search_phase(d->search, true);
    path_release(&d->path);
    ahead_release(d->ahead);
    ahead_init(d->ahead, d->search);
    d->traces = 0;
    d->n_watches = d->search->n_watches;
    if (ahead_begin(d->ahead, &empty, &nobody, err))
        return -1;
    return take(d, ahead_take(d->ahead, &empty, &nobody, err), 0, err);
}

static int run_branch(struct dpor *d, int k, struct buf *err)
{
    const struct node *n = &d->path.nodes[k];
    struct schedule prefix = prefix_of(d, k, node_next(n));
    struct task_set sleep = both(&n->sleep, &n->done);
    int result = ahead_begin(d->ahead, &prefix, &sleep, err);

    if (!result)
        result = offer_others(d, k, err);
    d->path.length = (uint32_t)k + 1;
    if (!result)
        result = take(d, ahead_take(d->ahead, &prefix, &sleep, err), (uint32_t)k, err);
    schedule_release(&prefix);
    return result;
}

int dpor_search(
    struct search *s, long budget, bool *ret_complete, long *ret_traces, struct buf *err)
{
    struct dpor d = {.search = s, .ahead = xcalloc(1, sizeof(*d.ahead))};
    long end = s->spent + budget;
    int result, k = -1;

    path_init(&d.path);
    ahead_init(d.ahead, s);
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
    ahead_release(d.ahead);
    free(d.ahead);
    path_release(&d.path);
    return result < 0 ? -1 : 0;
}
