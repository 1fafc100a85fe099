/* SPDX-License-Identifier: MIT */
#include "explain/state.h"

#include "explain/cause.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* What an operation's first place is. */
static const struct {
    bool is_thing;
    enum thing_kind kind;
} touches[OP_KINDS] = {
    [OP_READ] = {true, THING_VARIABLE},
    [OP_WRITE] = {true, THING_VARIABLE},
    [OP_ATOMIC_LOAD] = {true, THING_VARIABLE},
    [OP_ATOMIC_STORE] = {true, THING_VARIABLE},
    [OP_ATOMIC_UPDATE] = {true, THING_VARIABLE},
    [OP_ATOMIC_COMPARE] = {true, THING_VARIABLE},
    [OP_LOCK] = {true, THING_LOCK},
    [OP_TRYLOCK] = {true, THING_LOCK},
    [OP_UNLOCK] = {true, THING_LOCK},
    [OP_WAIT] = {true, THING_CONDITION},
    [OP_WAKE] = {true, THING_CONDITION},
    [OP_SIGNAL] = {true, THING_CONDITION},
    [OP_BROADCAST] = {true, THING_CONDITION},
    [OP_SEM_WAIT] = {true, THING_SEMAPHORE},
    [OP_SEM_TRYWAIT] = {true, THING_SEMAPHORE},
    [OP_SEM_POST] = {true, THING_SEMAPHORE},
    [OP_SEM_VALUE] = {true, THING_SEMAPHORE},
    [OP_READ_LOCK] = {true, THING_LOCK},
    [OP_WRITE_LOCK] = {true, THING_LOCK},
    [OP_TRY_READ_LOCK] = {true, THING_LOCK},
    [OP_TRY_WRITE_LOCK] = {true, THING_LOCK},
    [OP_READ_UNLOCK] = {true, THING_LOCK},
    [OP_WRITE_UNLOCK] = {true, THING_LOCK},
    [OP_ARRIVE] = {true, THING_BARRIER},
    [OP_LEAVE] = {true, THING_BARRIER},
    [OP_ONCE] = {true, THING_ONCE},
    [OP_ONCE_DONE] = {true, THING_ONCE},
    [OP_PIPE_READ] = {true, THING_PIPE},
    [OP_PIPE_WRITE] = {true, THING_PIPE},
};

static const struct trace_result *result_of(const struct state *st)
{
    return st->story->trace.result;
}

/* A forked process has variables of its own under the same names. */
static void name_thing(
    struct state *st, const struct trace_place *p, const char *name, struct buf *out)
{
    const struct trace_task *tasks = st->story->trace.tasks;

    buf_puts(out, name);
    if (!p->space || p->space >= SPACE_SHARED)
        return;
    for (uint32_t i = 0; i < result_of(st)->n_tasks; i++)
        if (tasks[i].process == p->space) {
            buf_printf(out, " in %s", story_task(st->story, (int)i));
            return;
        }
}

static int find_thing(
    struct state *st, const struct trace_place *p, enum thing_kind kind, const char *name)
{
    struct buf full = BUF_EMPTY;
    const json_t *known;
    int index;

    name_thing(st, p, name, &full);
    known = json_object_get(st->index, buf_text(&full));
    index = known ? (int)json_integer_value(known) : (int)st->n_things;
    if (!known) {
        st->things = xrealloc(st->things, (st->n_things + 1) * sizeof(*st->things));
        st->things[st->n_things++] = (struct known_thing){
            .name = xstrdup(buf_text(&full)), .kind = kind, .place = *p, .by = -1};
        json_object_set_new(st->index, buf_text(&full), json_integer(index));
    }
    buf_release(&full);
    return index;
}

static int mutex_of_wait(struct state *st, uint32_t event, const struct trace_op *op)
{
    struct thing x;

    if (op->kind != OP_WAIT && op->kind != OP_WAKE)
        return -1;
    names_place(st->story->names, event, &op->place[1], false, &x);
    return find_thing(st, &op->place[1], THING_LOCK, x.name);
}

/* The things of one step, and the values that they had before anybody touched them. */
static void meet(struct state *st, const struct row *row)
{
    const struct trace_event *e = cause_event(st->story, row->event);
    int *of = &st->thing_of[2 * row->event];
    struct known_thing *x;
    bool is_new;

    if (!touches[e->op.kind].is_thing)
        return;
    is_new = !json_object_get(st->index, row->thing);
    of[0] = find_thing(st, &e->op.place[0], touches[e->op.kind].kind, row->thing);
    of[1] = mutex_of_wait(st, row->event, &e->op);
    x = &st->things[of[0]];
    is_new = is_new || (!x->value && x->place.address == e->op.place[0].address);
    if (is_new && !x->value && row->old)
        x->value = xstrdup(row->old);
    if (row->marks & ROW_KEY)
        x->is_key = true;
}

static void note_births(struct state *st)
{
    const struct trace_result *r = result_of(st);
    uint32_t *last = xcalloc(r->n_tasks, sizeof(*last));

    for (uint32_t i = 0; i < r->n_tasks; i++) {
        st->birth[i] = i ? UINT32_MAX : 0;
        st->head[i] = last[i] = UINT32_MAX;
    }
    for (uint32_t i = 0; i < r->n_events; i++) {
        const struct trace_event *e = cause_event(st->story, i);

        st->next[i] = UINT32_MAX;
        if ((e->op.kind == OP_CREATE || e->op.kind == OP_FORK) && e->op.other > 0 &&
            (uint32_t)e->op.other < r->n_tasks && st->birth[e->op.other] == UINT32_MAX)
            st->birth[e->op.other] = i + 1;
        if (e->task >= r->n_tasks)
            continue;
        if (last[e->task] == UINT32_MAX)
            st->head[e->task] = i;
        else
            st->next[last[e->task]] = i;
        last[e->task] = i;
    }
    free(last);
}

/* For each event the next one, itself included, that was a choice and tells who could go on. */
static void note_tellers(struct state *st)
{
    uint32_t n = result_of(st)->n_events;

    st->tells[n] = n;
    for (uint32_t i = n; i-- > 0;)
        st->tells[i] = cause_event(st->story, i)->flags & EVENT_NOTE ? st->tells[i + 1] : i;
}

struct state *state_open(const struct story *s)
{
    struct state *st = xcalloc(1, sizeof(*st));
    uint32_t n = s->trace.result->n_events, tasks = s->trace.result->n_tasks;

    st->story = s;
    st->index = json_object();
    st->next = xcalloc(n + 1, sizeof(*st->next));
    st->head = xcalloc(tasks, sizeof(*st->head));
    st->birth = xcalloc(tasks, sizeof(*st->birth));
    st->tasks = xcalloc(tasks, sizeof(*st->tasks));
    st->thing_of = xcalloc(2 * (size_t)n + 2, sizeof(*st->thing_of));
    for (size_t i = 0; i < 2 * (size_t)n; i++)
        st->thing_of[i] = -1;
    st->tells = xcalloc(n + 1, sizeof(*st->tells));
    note_births(st);
    note_tellers(st);
    for (size_t i = 0; i < s->n_steps; i++)
        meet(st, &s->rows[i]);
    for (uint32_t i = 0; i < tasks; i++)
        st->tasks[i] = (struct standing){.kind = STANDING_ENDED, .thing = -1, .changed = true};
    state_goto(st, 0);
    return st;
}

void state_close(struct state *st)
{
    for (size_t i = 0; i < st->n_things; i++) {
        free(st->things[i].name);
        free(st->things[i].value);
    }
    for (uint32_t i = 0; i < result_of(st)->n_tasks; i++)
        free(st->tasks[i].text);
    json_decref(st->index);
    free(st->things);
    free(st->tasks);
    free(st->next);
    free(st->head);
    free(st->birth);
    free(st->tells);
    free(st->thing_of);
    free(st);
}

static void set_value(struct known_thing *x, const char *value, int by)
{
    if (by < 0 && x->value && value && !strcmp(x->value, value))
        return;
    free(x->value);
    x->value = value ? xstrdup(value) : NULL;
    if (by >= 0)
        x->by = by;
    x->changed = true;
}

/* What lies over the bytes that were written but goes by another name is not known any more. */
static void spoil(struct state *st, const struct trace_event *e, int except)
{
    for (size_t i = 0; i < st->n_things; i++) {
        struct known_thing *x = &st->things[i];
        const struct trace_place *p = &x->place, *q = &e->op.place[0];

        if ((int)i != except && x->kind == THING_VARIABLE && x->value && p->space == q->space &&
            p->address < q->address + q->size && q->address < p->address + p->size)
            set_value(x, NULL, e->task);
    }
}

static void apply_memory(struct state *st, uint32_t event, const struct row *row)
{
    const struct trace_event *e = cause_event(st->story, event);
    struct known_thing *x = &st->things[st->thing_of[2 * event]];

    if (cause_writes(e)) {
        spoil(st, e, st->thing_of[2 * event]);
        set_value(x, row->value, e->task);
    } else {
        set_value(x, row->value, -1);
    }
}

static void apply_hold(struct known_thing *x, const struct trace_event *e, int change)
{
    if (change > 0)
        task_set_add(&x->holders, e->task);
    else if (change < 0)
        x->holders = (struct task_set){{0}};
    x->changed = x->changed || change;
}

static void apply_lock(struct state *st, uint32_t event)
{
    const struct trace_event *e = cause_event(st->story, event);
    int where, change = holds_change(e, &where);
    int index = st->thing_of[2 * event + where];
    struct known_thing *x = index >= 0 ? &st->things[index] : NULL;

    if (!x || !change)
        return;
    if (e->op.kind == OP_READ_UNLOCK) { /* other readers keep it */
        task_set_remove(&x->holders, e->task);
        x->changed = true;
    } else {
        apply_hold(x, e, change);
    }
}

static void apply_pipe(struct state *st, uint32_t event)
{
    const struct trace_event *e = cause_event(st->story, event);
    struct known_thing *x = &st->things[st->thing_of[2 * event]];
    char *text;

    if (e->result <= 0)
        return;
    x->bytes += e->op.kind == OP_PIPE_WRITE ? e->result : -(long)e->result;
    if (x->bytes < 0)
        x->bytes = 0; /* written before anybody looked */
    text = x->bytes ? xasprintf("%ld byte%s", x->bytes, x->bytes == 1 ? "" : "s")
                    : xstrdup("empty");
    set_value(x, text, e->task);
    free(text);
}

static void apply(struct state *st, uint32_t event)
{
    const struct row *row = story_row(st->story, event);
    int thing = st->thing_of[2 * event];

    if (!row || thing < 0)
        return;
    if (st->things[thing].kind == THING_VARIABLE)
        apply_memory(st, event, row);
    else if (st->things[thing].kind == THING_SEMAPHORE)
        set_value(&st->things[thing], row->value, (int)cause_event(st->story, event)->task);
    else if (st->things[thing].kind == THING_PIPE)
        apply_pipe(st, event);
    else
        apply_lock(st, event);
}

/* Could the task have gone on? Events that were only noted do not say who else could. */
static bool is_enabled(const struct state *st, uint32_t task)
{
    uint32_t tells = st->tells[st->at];

    if (st->head[task] <= tells && st->head[task] < result_of(st)->n_events)
        return true;
    if (tells < result_of(st)->n_events)
        return task_set_has(&cause_event(st->story, tells)->enabled, task);
    return st->story->trace.tasks[task].enabled;
}

static int holder_of(const struct state *st, int thing, uint32_t task)
{
    struct task_set others;

    if (thing < 0)
        return -1;
    others = st->things[thing].holders;
    if (task_set_count(&others) > 1)
        task_set_remove(&others, task);
    return task_set_first(&others);
}

/* What the next operation of a task would touch. */
static int next_thing(const struct state *st, const struct trace_op *op, uint32_t event)
{
    if (event < result_of(st)->n_events)
        return st->thing_of[2 * event];
    for (size_t i = 0; i < st->n_things; i++)
        if (st->things[i].place.address == op->place[0].address &&
            st->things[i].place.space == op->place[0].space &&
            (touches[op->kind].is_thing && touches[op->kind].kind == st->things[i].kind))
            return (int)i;
    return -1;
}

static void describe(struct state *st, uint32_t task, struct standing *now)
{
    const struct story *s = st->story;
    bool pending = now->event >= result_of(st)->n_events;
    const struct trace_op *op = pending ? &s->trace.tasks[task].pending
                                        : &cause_event(s, now->event)->op;
    struct buf text = BUF_EMPTY;
    struct row row = {0};

    story_place(s, op->pc, &row);
    now->file = row.file;
    now->line = row.line;
    if (now->kind == STANDING_WAITS) {
        now->thing = next_thing(st, op, now->event);
        verb_stands(s, (int)task, op, now->event, now->holder, &text);
        now->text = buf_detach(&text);
    }
}

static enum standing_kind stands(const struct state *st, uint32_t task, uint32_t next)
{
    const struct trace_task *t = &st->story->trace.tasks[task];
    uint32_t n = result_of(st)->n_events;
    unsigned kind = next < n ? cause_event(st->story, next)->op.kind : t->pending.kind;

    if (st->at < st->birth[task] && st->at <= next)
        return STANDING_UNBORN;
    if (next >= n && t->state != TRACE_TASK_PENDING && t->state != TRACE_TASK_RUNNING)
        return STANDING_ENDED;
    if (kind >= OP_KINDS || is_enabled(st, task))
        return STANDING_READY;
    return STANDING_WAITS;
}

/* A task stands where it stood unless its next operation, or who is in its way, is another. */
static void place_task(struct state *st, uint32_t task)
{
    struct standing *old = &st->tasks[task];
    uint32_t n = result_of(st)->n_events;
    struct standing now = {.event = st->head[task], .thing = -1, .holder = -1, .changed = true};
    const struct trace_op *op;

    if (now.event > n)
        now.event = n;
    now.kind = stands(st, task, now.event);
    op = now.event < n ? &cause_event(st->story, now.event)->op
                       : &st->story->trace.tasks[task].pending;
    if (now.kind == STANDING_WAITS)
        now.holder = now.event < n ? holder_of(st, next_thing(st, op, now.event), task)
                                   : st->story->trace.tasks[task].holder;
    if (st->at && old->kind == now.kind && old->event == now.event && old->holder == now.holder)
        return;
    if (now.kind == STANDING_WAITS || now.kind == STANDING_READY)
        describe(st, task, &now);
    free(old->text);
    *old = now;
}

void state_goto(struct state *st, uint32_t event)
{
    uint32_t n = result_of(st)->n_events;

    for (; st->at < event && st->at < n; st->at++) {
        uint32_t task = cause_event(st->story, st->at)->task;

        apply(st, st->at);
        if (task < result_of(st)->n_tasks)
            st->head[task] = st->next[st->at];
    }
    for (uint32_t i = 0; i < result_of(st)->n_tasks; i++)
        place_task(st, i);
}
