/* SPDX-License-Identifier: MIT */
/*
 * Source sets: Abdulla, Aronis, Jonsson, Sagonas, Optimal Dynamic Partial Order Reduction
 * (POPL'14), algorithm 1. For a race of event i with a later event j, some task that could begin
 * the part of the execution that does not depend on i, followed by j, has to be tried before i: any
 * of the *initials* will do, and none need be added when one of them is there already.
 *
 * What waits is handled by what is known about the moment: if j's task stood before j already and
 * was not enabled at i, then i (or something after it) made j possible, and there is nothing to
 * reverse; an earlier event may still race with j. A task that never got to its pending operation
 * takes part with it as if it came last.
 */
#include "explore/path.h"

#include "explore/depend.h"

#include <stdlib.h>
#include <string.h>

void path_init(struct path *p)
{
    *p = (struct path){.touches = TOUCHES_EMPTY};
}

void path_release(struct path *p)
{
    free(p->nodes);
    free(p->clocks);
    touches_release(&p->touches);
    path_init(p);
}

static uint32_t *clock_of(const struct path *p, uint32_t node)
{
    return p->clocks + (size_t)node * TRACE_TASKS;
}

/* Does event i happen before something with this clock? */
static bool before(const struct path *p, uint32_t i, const uint32_t *clock)
{
    return clock[p->nodes[i].task] >= i + 1;
}

static void join(const struct path *p, uint32_t *to, const uint32_t *from)
{
    for (uint32_t t = 0; t < p->n_tasks; t++)
        if (to[t] < from[t])
            to[t] = from[t];
}

/* Where a failure ends the program, the order against everything else matters. */
static struct trace_op effective_op(const struct trace_event *e, bool ends_all)
{
    struct trace_op op = e->op;

    if (ends_all && e->flags & EVENT_LAST)
        op.place[1] = (struct trace_place){.size = 1, .space = SPACE_ALL, .writes = 1};
    return op;
}

/* The clock of what the task did before `node`: its previous event, or its creation. */
static void own_clock(const struct path *p, unsigned task, int previous, uint32_t *clock)
{
    int base = previous >= 0 ? previous : p->birth[task];

    memset(clock, 0, p->n_tasks * sizeof(*clock));
    if (base >= 0)
        memcpy(clock, clock_of(p, (uint32_t)base), p->n_tasks * sizeof(*clock));
}

/* Does the event write all that the operation touches? Then whatever is earlier and depends on the
 * operation depends on the event, too. */
static bool covers(const struct trace_op *event, const struct trace_op *op)
{
    const struct trace_place *a = &event->place[0], *b = &op->place[0];

    if (a->space == SPACE_ALL)
        return a->writes;
    return !op->place[1].size && a->writes && a->space == b->space && a->address <= b->address &&
           a->address + a->size >= b->address + b->size;
}

static void compute_clock(struct path *p, uint32_t j)
{
    const struct node *n = &p->nodes[j];
    uint32_t *clock = clock_of(p, j);
    struct touch_walk walk = touches_walk(&p->touches, &n->op);
    int32_t i;

    own_clock(p, n->task, n->previous, clock);
    while ((i = touches_next(&walk)) >= 0) {
        const struct trace_op *op = &p->nodes[i].op;

        if (!before(p, (uint32_t)i, clock) && ops_depend(op, &n->op))
            join(p, clock, clock_of(p, (uint32_t)i));
        if (covers(op, &n->op))
            break;
    }
    clock[n->task] = j + 1;
    touches_add(&p->touches, &n->op, j);
}

/* Components of clocks beyond `n_tasks` are zero. */
static void reserve(struct path *p, uint32_t n)
{
    size_t before = (size_t)p->capacity * TRACE_TASKS;

    if (n <= p->capacity)
        return;
    p->capacity = n + n / 2 + 64;
    p->nodes = xrealloc(p->nodes, p->capacity * sizeof(*p->nodes));
    p->clocks = xrealloc(p->clocks, (size_t)p->capacity * TRACE_TASKS * sizeof(*p->clocks));
    memset(
        p->clocks + before, 0, ((size_t)p->capacity * TRACE_TASKS - before) * sizeof(*p->clocks));
}

static void touch_again(struct path *p, uint32_t until)
{
    touches_reset(&p->touches);
    for (uint32_t i = 0; i < until; i++)
        touches_add(&p->touches, &p->nodes[i].op, i);
}

static void count_back(struct path *p, uint32_t from)
{
    for (int t = 0; t < TRACE_TASKS; t++)
        p->last[t] = p->birth[t] = -1;
    touch_again(p, from);
    for (uint32_t i = 0; i < from; i++) {
        const struct node *n = &p->nodes[i];

        p->last[n->task] = (int32_t)i;
        if (n->op.kind == OP_CREATE || n->op.kind == OP_FORK)
            p->birth[n->op.other & (TRACE_TASKS - 1)] = (int32_t)i;
    }
}

static void set_event(struct path *p, uint32_t i, const struct execution *x)
{
    const struct trace_event *e = &x->events[i];
    struct node *n = &p->nodes[i];

    n->op = effective_op(e, x->result->end != END_OK);
    n->task = e->task;
    n->flags = e->flags;
    n->previous = p->last[e->task];
    p->last[e->task] = (int32_t)i;
    if (e->op.kind == OP_CREATE || e->op.kind == OP_FORK)
        p->birth[e->op.other & (TRACE_TASKS - 1)] = (int32_t)i;
}

void path_replace(struct path *p, uint32_t from, const struct execution *x)
{
    uint32_t known = p->length;

    count_back(p, from);
    reserve(p, x->result->n_events);
    p->length = x->result->n_events;
    if (p->n_tasks < x->result->n_tasks)
        p->n_tasks = x->result->n_tasks;
    for (uint32_t i = from; i < p->length; i++) {
        struct node *n = &p->nodes[i];

        if (i > from || i >= known) {
            *n = (struct node){.enabled = x->events[i].enabled, .sleep = x->events[i].sleeping};
            task_set_add(&n->backtrack, x->events[i].task);
        }
        set_event(p, i, x);
        task_set_add(&n->done, n->task);
        compute_clock(p, i);
    }
}

/* A race looked at: event i, and the later operation of a task, executed as event `at` or pending.
 */
struct race {
    const struct trace_op *op;
    bool failed; /* it was refused, or may be */
    unsigned task;
    int previous;          /* the task's event before the operation */
    uint32_t at;           /* its event, or the length of the path */
    const uint32_t *known; /* clock of what surely happens before it */
};

/* A lock cannot be reversed with the unlock before it, only with the lock before that. Where locks
 * are misused (an unlock by somebody else is refused) that is not so. */
static bool never_together(const struct node *n, const struct race *r)
{
    const struct trace_op *a = &n->op, *b = r->op;
    bool gives = a->kind == OP_UNLOCK || a->kind == OP_WAIT || a->kind == OP_WRITE_UNLOCK ||
                 a->kind == OP_ONCE_DONE;
    bool takes = b->kind == OP_LOCK || b->kind == OP_WRITE_LOCK || b->kind == OP_READ_LOCK ||
                 b->kind == OP_ONCE;

    if (n->flags & EVENT_FAILED || r->failed)
        return false;
    return (gives && takes) || (a->kind == OP_UNLOCK && b->kind == OP_UNLOCK) ||
           (a->kind == OP_LOCK && b->kind == OP_UNLOCK);
}

static bool is_reversible(const struct path *p, uint32_t i, const struct race *r)
{
    const struct node *n = &p->nodes[i];

    if (n->flags & EVENT_NOTE || never_together(n, r))
        return false;
    if (r->previous < (int)i) /* it stood there, before the same operation */
        return task_set_has(&n->enabled, r->task);
    return true;
}

/* Does event g happen before the racing operation, without the events that follow from i? */
static bool leads_to(const struct path *p, uint32_t g, const struct race *r)
{
    return before(p, g, r->known) ||
           (p->nodes[g].task != r->task && ops_depend(&p->nodes[g].op, r->op));
}

/* Does the first event of one of the tasks happen before something with this clock? */
static bool any_before(const struct path *p, const struct task_set *tasks, const uint32_t *first,
    const uint32_t *clock)
{
    struct task_set rest = *tasks;

    while (!task_set_empty(&rest)) {
        unsigned t = (unsigned)task_set_first(&rest);

        if (before(p, first[t], clock))
            return true;
        task_set_remove(&rest, t);
    }
    return false;
}

/* The tasks that can begin, at event i, what does not depend on i and ends with the operation. */
static struct task_set initials(const struct path *p, uint32_t i, const struct race *r)
{
    struct task_set result = {{0}}, started = {{0}};
    uint32_t first[TRACE_TASKS];
    bool leads = false;

    for (uint32_t k = i + 1; k < r->at; k++) {
        const struct node *node = &p->nodes[k];

        if (before(p, i, clock_of(p, k)))
            continue;
        leads = leads || node->task == r->task || leads_to(p, k, r);
        if (task_set_has(&started, node->task))
            continue;
        if (!any_before(p, &started, first, clock_of(p, k)))
            task_set_add(&result, node->task);
        task_set_add(&started, node->task);
        first[node->task] = k;
    }
    if (!leads)
        task_set_add(&result, r->task);
    return result;
}

static bool overlap(const struct task_set *a, const struct task_set *b)
{
    return (a->bits[0] & b->bits[0]) | (a->bits[1] & b->bits[1]);
}

static void reverse(struct path *p, uint32_t i, const struct race *r)
{
    struct node *n = &p->nodes[i];
    struct task_set candidates = initials(p, i, r);

    if (overlap(&candidates, &n->backtrack) || overlap(&candidates, &n->sleep))
        return;
    candidates.bits[0] &= n->enabled.bits[0];
    candidates.bits[1] &= n->enabled.bits[1];
    if (task_set_empty(&candidates))
        return;
    task_set_add(&n->backtrack,
        task_set_has(&candidates, r->task) ? r->task : (unsigned)task_set_first(&candidates));
}

/* All races of one operation with events before it, from the latest on. An event that was reversed,
 * or cannot be, hides those that happen before it only in the first case. */
static void reverse_all(struct path *p, struct race *r)
{
    uint32_t known[TRACE_TASKS];
    struct touch_walk walk = touches_walk(&p->touches, r->op);
    int32_t next;

    own_clock(p, r->task, r->previous, known);
    r->known = known;
    while ((next = touches_next(&walk)) >= 0) {
        uint32_t i = (uint32_t)next;

        if (before(p, i, known)) {
            if (covers(&p->nodes[i].op, r->op))
                break;
            continue;
        }
        if (p->nodes[i].task == r->task || !ops_depend(&p->nodes[i].op, r->op) ||
            !is_reversible(p, i, r))
            continue;
        reverse(p, i, r);
        join(p, known, clock_of(p, i));
    }
}

/* Where a task waits on a condition to the end, a spurious wake-up is tried once: at the last
 * choice where it was possible. Its races do the rest. */
static void try_spurious(struct path *p, unsigned task, int previous)
{
    for (uint32_t i = p->length; (int)i-- > previous + 1;) {
        struct node *n = &p->nodes[i];

        if (!task_set_has(&n->enabled, task) || !(n->flags & EVENT_CHOICE))
            continue;
        if (!task_set_has(&n->sleep, task))
            task_set_add(&n->backtrack, task);
        return;
    }
}

void path_reverse_races(struct path *p, uint32_t from, const struct execution *x)
{
    touch_again(p, from);
    for (uint32_t j = from; j < p->length; j++) {
        const struct node *n = &p->nodes[j];
        struct race r = {&n->op, n->flags & EVENT_FAILED, n->task, n->previous, j, NULL};

        if (!(n->flags & EVENT_NOTE))
            reverse_all(p, &r);
        touches_add(&p->touches, &n->op, j);
    }
    for (unsigned t = 0; t < x->result->n_tasks; t++) {
        const struct trace_task *task = &x->tasks[t];
        bool may_fail = task->pending.kind == OP_UNLOCK;
        struct race r = {&task->pending, may_fail, t, p->last[t], p->length, NULL};

        if (task->state != TRACE_TASK_PENDING)
            continue;
        reverse_all(p, &r);
        if (task->pending.kind == OP_WAKE && !task->enabled)
            try_spurious(p, t, p->last[t]);
    }
}

int node_next(const struct node *n)
{
    struct task_set left = n->backtrack;

    for (size_t i = 0; i < sizeof(left.bits) / sizeof(left.bits[0]); i++)
        left.bits[i] &= ~(n->done.bits[i] | n->sleep.bits[i]);
    return task_set_first(&left);
}

int path_next(const struct path *p)
{
    for (uint32_t i = p->length; i-- > 0;)
        if (node_next(&p->nodes[i]) >= 0)
            return (int)i;
    return -1;
}
