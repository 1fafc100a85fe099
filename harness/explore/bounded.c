/* SPDX-License-Identifier: MIT */
/*
 * bounded - every schedule with at most so many preemptions: Musuvathi and Qadeer, Iterative
 * Context Bounding for Systematic Testing of Multithreaded Programs (PLDI'07). A preemption is a
 * choice of another task although the one that ran could have gone on. Of the bugs in student
 * programs that others have collected, nearly all need two or fewer.
 *
 * Work is a list of prefixes for each number of preemptions. Executing a prefix and going on
 * without any further preemption yields one schedule, and at each choice behind the prefix the
 * alternatives are new prefixes, of the same number or of one more. So each schedule comes up
 * exactly once. With a limit that no program reaches this is brute force, the oracle for the
 * reduction of dpor.c.
 */
#include "explore/search.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_LEVELS = 65 };

struct level {
    struct schedule *items; /* a stack */
    size_t count, capacity;
};

struct bounded {
    struct search *search;
    int most;
    struct level levels[MOST_LEVELS];
};

static void push(
    struct bounded *b, int preemptions, const uint8_t *tasks, uint32_t n, unsigned last)
{
    struct level *l;
    struct schedule s = {.length = n + 1};

    if (preemptions > b->most || preemptions >= MOST_LEVELS)
        preemptions = MOST_LEVELS - 1; /* kept only to know that there is more */
    l = &b->levels[preemptions];
    if (preemptions == MOST_LEVELS - 1 && l->count)
        return;
    if (l->count == l->capacity) {
        l->capacity = l->capacity ? 2 * l->capacity : 64;
        l->items = xrealloc(l->items, l->capacity * sizeof(*l->items));
    }
    s.tasks = xcalloc(n + 1, 1);
    memcpy(s.tasks, tasks, n);
    s.tasks[n] = (uint8_t)last;
    l->items[l->count++] = s;
}

/* Letting `task` go at this event costs a preemption when the one that ran could have gone on. */
static int cost_of(const struct trace_event *e, unsigned task)
{
    return task != e->ran && task_set_has(&e->enabled, e->ran);
}

/* The alternatives at each choice behind the prefix. Pushed in reverse, so that the stack tries
 * late ones first and neighbours share their beginnings. */
static void branch(struct bounded *b, const struct execution *x, uint32_t prefix)
{
    struct schedule path = SCHEDULE_EMPTY;
    int preemptions = 0;

    for (uint32_t i = 0; i < x->result->n_events; i++) {
        const struct trace_event *e = &x->events[i];

        if (!(e->flags & EVENT_CHOICE))
            continue;
        for (unsigned t = 0; t < x->result->n_tasks && path.length >= prefix; t++)
            if (t != e->task && task_set_has(&e->enabled, t))
                push(b, preemptions + cost_of(e, t), path.tasks, path.length, t);
        preemptions += cost_of(e, e->task);
        schedule_append(&path, e->task);
    }
    schedule_release(&path);
}

static int run_item(struct bounded *b, const struct schedule *item, struct buf *err)
{
    struct trace_plan *plan = search_plan(b->search);
    uint32_t known = b->search->n_watches;
    const struct execution *x;

    plan->policy = POLICY_STAY;
    plan->n_prefix = item->length;
    memcpy(plan->prefix, item->tasks, item->length);
    x = search_execute(b->search, err);
    if (!x)
        return -1;
    if (b->search->n_watches != known)
        return 1; /* more is visible now: begin again */
    branch(b, x, item->length);
    return 0;
}

static void clear(struct bounded *b)
{
    for (int i = 0; i < MOST_LEVELS; i++) {
        while (b->levels[i].count)
            schedule_release(&b->levels[i].items[--b->levels[i].count]);
    }
}

/* The lowest level that has work, or -1. */
static int next_level(const struct bounded *b)
{
    for (int i = 0; i < MOST_LEVELS - 1; i++)
        if (b->levels[i].count)
            return i;
    return -1;
}

static int run_first(struct bounded *b, struct buf *err)
{
    clear(b);
    search_phase(b->search, true);
    return run_item(b, &SCHEDULE_EMPTY, err);
}

static int explore_levels(struct bounded *b, long executions, int *ret_bound, struct buf *err)
{
    long end = b->search->executions + executions;
    struct schedule item = SCHEDULE_EMPTY;
    int level = 0, result = run_first(b, err);

    while (result >= 0) {
        if (result == 1) {
            result = run_first(b, err);
            continue;
        }
        level = next_level(b);
        if (level < 0 || search_is_over(b->search) || b->search->executions >= end)
            break;
        item = b->levels[level].items[--b->levels[level].count];
        result = run_item(b, &item, err);
        schedule_release(&item);
    }
    *ret_bound = level < 0 ? b->most : level - 1;
    return result < 0 ? -1 : 0;
}

int bounded_search(struct search *s, int most_preemptions, long executions, int *ret_bound,
    bool *ret_complete, struct buf *err)
{
    struct bounded *b = xcalloc(1, sizeof(*b));
    int result;

    b->search = s;
    b->most = most_preemptions < MOST_LEVELS - 2 ? most_preemptions : MOST_LEVELS - 2;
    result = explore_levels(b, executions, ret_bound, err);
    *ret_complete = next_level(b) < 0 && b->levels[MOST_LEVELS - 1].count == 0;
    clear(b);
    for (int i = 0; i < MOST_LEVELS; i++)
        free(b->levels[i].items);
    free(b);
    return result;
}
