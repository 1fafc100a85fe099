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

enum { MOST_LEVELS = 65, WORK_MOST = 20000 };
_Static_assert((int)SEARCH_MOST_STEPS < (int)TRACE_PREFIX, "every prefix fits into a plan");

/* The choices of one execution, which the prefixes that branch off it share. */
struct trunk {
    uint32_t users;
    uint32_t length;
    uint8_t tasks[];
};

/* The first `length` choices of a trunk, and then `task`. */
struct prefix {
    struct trunk *trunk; /* NULL: the empty prefix, with no task behind it */
    uint32_t length;
    uint8_t task;
};

struct level {
    struct prefix *items; /* a stack */
    size_t count, capacity;
    bool overflowed; /* there was more than can be kept, so it will not complete */
};

struct bounded {
    struct search *search;
    int most;
    struct level levels[MOST_LEVELS];
};

static void trunk_drop(struct trunk *t)
{
    if (t && --t->users == 0)
        free(t);
}

static void push(struct bounded *b, int preemptions, struct prefix p)
{
    struct level *l;

    if (preemptions > b->most || preemptions >= MOST_LEVELS)
        preemptions = MOST_LEVELS - 1; /* kept only to know that there is more */
    l = &b->levels[preemptions];
    if (l->count == WORK_MOST || (preemptions == MOST_LEVELS - 1 && l->count)) {
        l->overflowed = true;
        return;
    }
    if (l->count == l->capacity) {
        l->capacity = l->capacity ? 2 * l->capacity : 64;
        l->items = xrealloc(l->items, l->capacity * sizeof(*l->items));
    }
    p.trunk->users++;
    l->items[l->count++] = p;
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
    struct trunk *trunk = xcalloc(1, sizeof(*trunk) + x->result->n_events);
    int preemptions = 0;

    trunk->users = 1;
    for (uint32_t i = 0; i < x->result->n_events; i++) {
        const struct trace_event *e = &x->events[i];

        if (!(e->flags & EVENT_CHOICE))
            continue;
        for (unsigned t = 0; t < x->result->n_tasks && trunk->length >= prefix; t++)
            if (t != e->task && task_set_has(&e->enabled, t))
                push(b, preemptions + cost_of(e, t),
                    (struct prefix){trunk, trunk->length, (uint8_t)t});
        preemptions += cost_of(e, e->task);
        trunk->tasks[trunk->length++] = (uint8_t)e->task;
    }
    trunk_drop(trunk);
}

static int run_item(struct bounded *b, const struct prefix *p, struct buf *err)
{
    struct trace_plan *plan = search_plan(b->search);
    uint32_t known = b->search->n_watches;
    const struct execution *x;

    plan->policy = POLICY_STAY;
    if (p->trunk) {
        memcpy(plan->prefix, p->trunk->tasks, p->length);
        plan->prefix[p->length] = p->task;
        plan->n_prefix = p->length + 1;
    }
    x = search_execute(b->search, err);
    if (!x)
        return -1;
    if (b->search->n_watches != known)
        return 1; /* more is visible now: begin again */
    branch(b, x, p->trunk ? p->length + 1 : 0);
    return 0;
}

static void clear(struct bounded *b)
{
    for (int i = 0; i < MOST_LEVELS; i++) {
        struct level *l = &b->levels[i];

        while (l->count)
            trunk_drop(l->items[--l->count].trunk);
        l->overflowed = false;
    }
}

/* The lowest level that has work or lost some, or -1. */
static int next_level(const struct bounded *b)
{
    for (int i = 0; i < MOST_LEVELS - 1; i++)
        if (b->levels[i].count || b->levels[i].overflowed)
            return i;
    return -1;
}

static int run_first(struct bounded *b, struct buf *err)
{
    clear(b);
    search_phase(b->search, true);
    return run_item(b, &(struct prefix){0}, err);
}

static int explore_levels(struct bounded *b, long budget, int *ret_bound, struct buf *err)
{
    long end = b->search->spent + budget;
    struct prefix item;
    int level = 0, result = run_first(b, err);

    while (result >= 0) {
        if (result == 1 && !search_is_over(b->search) && b->search->spent < end) {
            result = run_first(b, err);
            continue;
        }
        level = result == 1 ? 0 : next_level(b);
        if (result == 1 || level < 0 || !b->levels[level].count || search_is_over(b->search) ||
            b->search->spent >= end)
            break;
        item = b->levels[level].items[--b->levels[level].count];
        result = run_item(b, &item, err);
        trunk_drop(item.trunk);
    }
    *ret_bound = level < 0 ? b->most : level - 1;
    return result < 0 ? -1 : 0;
}

int bounded_search(struct search *s, int most_preemptions, long budget, int *ret_bound,
    bool *ret_complete, struct buf *err)
{
    struct bounded *b = xcalloc(1, sizeof(*b));
    int result;

    b->search = s;
    b->most = most_preemptions < MOST_LEVELS - 2 ? most_preemptions : MOST_LEVELS - 2;
    result = explore_levels(b, budget, ret_bound, err);
    *ret_complete = next_level(b) < 0 && !b->levels[MOST_LEVELS - 1].count;
    clear(b);
    for (int i = 0; i < MOST_LEVELS; i++)
        free(b->levels[i].items);
    free(b);
    return result;
}
