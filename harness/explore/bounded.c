/* SPDX-License-Identifier: MIT */
/*
 * bounded - every schedule with at most so many preemptions: Musuvathi and Qadeer, Iterative
 * Context Bounding for Systematic Testing of Multithreaded Programs (PLDI'07). A preemption is a
 * choice of another task although the one that ran could have gone on. Of the bugs in student
 * programs that others have collected, nearly all need two or fewer.
 *
 * Executing a prefix and going on without any further preemption yields one schedule. At each
 * choice behind the prefix the alternatives are new prefixes, of the same number of preemptions or
 * of one more. So each schedule comes up exactly once. What was executed is kept as a *trail*: its
 * choices, and what else could have been chosen there, tried from the end on, the oldest trail
 * first. With a limit that no program reaches this is brute force, the oracle for the reduction of
 * dpor.c.
 */
#include "explore/search.h"

#include <stdlib.h>
#include <string.h>

_Static_assert((int)SEARCH_MOST_STEPS < (int)TRACE_PREFIX, "every prefix fits into a plan");

enum { MOST_LEVELS = 64, COSTS = 0x80 /* in `others`: choosing this task is a preemption */ };

/* `others` are the alternatives at each choice behind the prefix: their tasks, then their number.
 */
struct trail {
    uint8_t *tasks;
    uint8_t *others;
    uint32_t length, prefix;
    struct cursor {
        uint32_t choice, at; /* everything from here on has been tried */
        uint8_t left;        /* alternatives of `choice` that are before `at` */
    } cursors[2];            /* those that cost nothing, and those that cost a preemption */
};

struct trails {
    struct trail *items;
    size_t count, capacity;
    size_t at; /* those in front have nothing left that is of interest now */
};

struct bounded {
    struct search *search;
    int level;
    struct trails now;              /* executed with `level` preemptions */
    struct trails before;           /* … with one fewer */
    uint32_t prefixes[SEARCH_JOBS]; /* lengths, of what is under way */
    long begun, taken;
    uint32_t n_watches;
};

static void trail_release(struct trail *t)
{
    free(t->tasks);
    free(t->others);
}

static void trails_clear(struct trails *t)
{
    while (t->count)
        trail_release(&t->items[--t->count]);
    t->at = 0;
}

static void trails_add(struct trails *t, struct trail item)
{
    if (t->count == t->capacity) {
        t->capacity = t->capacity ? 2 * t->capacity : 64;
        t->items = xrealloc(t->items, t->capacity * sizeof(*t->items));
    }
    t->items[t->count++] = item;
}

/* Letting `task` go at this event costs a preemption when the one that ran could have gone on. */
static uint8_t cost_of(const struct trace_event *e, unsigned task)
{
    return task != e->ran && task_set_has(&e->enabled, e->ran) ? COSTS : 0;
}

static uint32_t add_others(struct trail *t, uint32_t at, const struct trace_event *e)
{
    struct task_set others = e->enabled;
    uint8_t n = 0;

    task_set_remove(&others, e->task);
    for (; !task_set_empty(&others); n++) {
        unsigned task = (unsigned)task_set_first(&others);

        task_set_remove(&others, task);
        t->others[at++] = (uint8_t)(task | cost_of(e, task));
    }
    t->others[at++] = n;
    return at;
}

static struct trail trail_of(const struct execution *x, uint32_t prefix)
{
    struct trail t = {.prefix = prefix};
    uint32_t at = 0, room = 0;

    for (uint32_t i = 0; i < x->result->n_events; i++)
        if (x->events[i].flags & EVENT_CHOICE)
            room += (uint32_t)task_set_count(&x->events[i].enabled);
    t.tasks = xcalloc(x->result->n_events + 1, 1);
    t.others = xcalloc(room + 1, 1);
    for (uint32_t i = 0; i < x->result->n_events && t.length < TRACE_PREFIX; i++) {
        if (!(x->events[i].flags & EVENT_CHOICE))
            continue;
        if (t.length >= prefix)
            at = add_others(&t, at, &x->events[i]);
        t.tasks[t.length++] = (uint8_t)x->events[i].task;
    }
    t.others = xrealloc(t.others, at + 1);
    t.cursors[0] = t.cursors[1] = (struct cursor){.choice = t.length, .at = at};
    return t;
}

/* The next alternative of that cost, nearer to the beginning; -1: none is left. */
static int trail_next(struct trail *t, uint8_t cost)
{
    struct cursor *c = &t->cursors[cost != 0];

    for (;;) {
        while (c->left) {
            uint8_t other = t->others[--c->at];

            c->left--;
            if ((other & COSTS) == cost)
                return other & ~COSTS;
        }
        if (c->choice <= t->prefix)
            return -1;
        c->choice--;
        c->left = t->others[--c->at];
    }
}

static int begin(struct bounded *b, const uint8_t *tasks, uint32_t length, struct buf *err)
{
    int job = (int)(b->begun++ % b->search->jobs);
    struct trace_plan *plan = search_plan_job(b->search, job, b->n_watches);

    b->prefixes[job] = length;
    plan->policy = POLICY_STAY;
    plan->n_prefix = length;
    if (length)
        memcpy(plan->prefix, tasks, length);
    return search_begin(b->search, job, err);
}

/* Results come in the order in which they were begun. 1: more is visible now, begin again. */
static int take(struct bounded *b, bool counts, struct buf *err)
{
    int job = (int)(b->taken++ % b->search->jobs);
    const struct execution *x = search_end(b->search, job, err);

    if (!x)
        return -1;
    if (!counts)
        return 0;
    if (search_take(b->search, x, b->n_watches, 0, err))
        return -1;
    if (b->search->n_watches != b->n_watches)
        return 1;
    trails_add(&b->now, trail_of(x, b->prefixes[job]));
    return 0;
}

/* Begins the next alternative of that cost among the trails. 2: there is none. */
static int begin_next(struct bounded *b, struct trails *from, uint8_t cost, struct buf *err)
{
    uint8_t tasks[TRACE_PREFIX];

    for (; from->at < from->count; from->at++) {
        struct trail *t = &from->items[from->at];
        int task = trail_next(t, cost);
        uint32_t length = t->cursors[cost != 0].choice;

        if (task < 0)
            continue;
        memcpy(tasks, t->tasks, length);
        tasks[length] = (uint8_t)task;
        return begin(b, tasks, length + 1, err);
    }
    return 2;
}

static int begin_some(struct bounded *b, struct buf *err)
{
    int result = 0;

    while (!result && b->begun - b->taken < b->search->jobs) {
        result = begin_next(b, &b->before, COSTS, err);
        if (result == 2)
            result = begin_next(b, &b->now, 0, err);
    }
    return result < 0 ? -1 : 0;
}

static int drain(struct bounded *b, struct buf *err)
{
    int result = 0;

    while (b->taken < b->begun && !result)
        result = take(b, false, err);
    return result;
}

static int begin_first(struct bounded *b, struct buf *err)
{
    if (drain(b, err))
        return -1;
    trails_clear(&b->now);
    trails_clear(&b->before);
    b->level = 0;
    b->n_watches = b->search->n_watches;
    search_phase(b->search, true);
    return begin(b, NULL, 0, err);
}

static void next_level(struct bounded *b)
{
    struct trails empty = b->before;

    trails_clear(&empty);
    b->before = b->now;
    b->before.at = 0;
    b->now = empty;
    b->level++;
}

/* Would one more preemption lead anywhere? */
static bool is_there_more(const struct bounded *b)
{
    for (size_t i = 0; i < b->now.count; i++) {
        struct trail look = b->now.items[i];

        if (trail_next(&look, COSTS) >= 0)
            return true;
    }
    return false;
}

/* All that the level has to offer, or as much as the budget allows. 2: all of it. */
static int run_level(struct bounded *b, long end, struct buf *err)
{
    struct search *s = b->search;
    int result = 0;

    while (result >= 0 && !search_is_over(s) && s->spent < end) {
        result = result == 1 ? begin_first(b, err) : begin_some(b, err);
        if (!result && b->taken == b->begun)
            return 2;
        if (!result)
            result = take(b, true, err);
    }
    if (result == 1)
        b->level = 0;
    return result < 0 || drain(b, err) ? -1 : 0;
}

int bounded_search(struct search *s, int most_preemptions, long budget, int *ret_bound,
    bool *ret_complete, struct buf *err)
{
    struct bounded b = {.search = s};
    int most = most_preemptions < MOST_LEVELS ? most_preemptions : MOST_LEVELS;
    long end = s->spent + budget;
    bool covered = false;
    int result = begin_first(&b, err);

    while (!result && !covered) {
        result = run_level(&b, end, err);
        if (result != 2)
            break;
        covered = b.level == most || !is_there_more(&b);
        result = 0;
        if (!covered)
            next_level(&b);
    }
    *ret_bound = covered ? most : b.level - 1;
    *ret_complete = covered && !is_there_more(&b);
    trails_clear(&b.now);
    trails_clear(&b.before);
    free(b.now.items);
    free(b.before.items);
    return result < 0 ? -1 : 0;
}
