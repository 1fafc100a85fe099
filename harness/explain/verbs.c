/* SPDX-License-Identifier: MIT */
/* What one operation did, in words: a table with a row for each kind of operation. */
#include "explain/story.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * In the texts: %t the thing, %v its value afterwards, %o its value before, %m the mutex of a
 * condition wait, %T the other task, %h who holds the thing. A bar separates the text for an
 * operation that failed or timed out.
 */
static const char *const texts[OP_KINDS] = {
    [OP_READ] = "reads %t: %v",
    [OP_WRITE] = "writes %t: %v",
    [OP_FREE] = "frees %t",
    [OP_ATOMIC_LOAD] = "loads %t: %v",
    [OP_ATOMIC_STORE] = "stores %t: %v",
    [OP_ATOMIC_UPDATE] = "changes %t in one step: %o -> %v",
    [OP_ATOMIC_COMPARE] = "compares %t and sets it: %o -> %v|compares %t: it is %o, not set",
    [OP_LOCK] = "locks %t|does not get %t: %h has it",
    [OP_TRYLOCK] = "locks %t (by trying)|tries to lock %t: %h has it",
    [OP_UNLOCK] = "unlocks %t|unlocks %t, which it does not hold",
    [OP_WAIT] = "waits on %t, unlocks %m",
    [OP_WAKE] = "wakes up, locks %m|has waited long enough, locks %m",
    [OP_SIGNAL] = "signals %t",
    [OP_BROADCAST] = "wakes all who wait on %t",
    [OP_SEM_WAIT] = "takes from %t: %o -> %v|has waited long enough for %t",
    [OP_SEM_TRYWAIT] = "takes from %t: %o -> %v|tries to take from %t: it is 0",
    [OP_SEM_POST] = "posts %t: %o -> %v",
    [OP_SEM_VALUE] = "asks for the value of %t: %v",
    [OP_READ_LOCK] = "locks %t for reading|does not get %t for reading",
    [OP_WRITE_LOCK] = "locks %t for writing|does not get %t for writing",
    [OP_TRY_READ_LOCK] = "locks %t for reading|tries to lock %t for reading: in vain",
    [OP_TRY_WRITE_LOCK] = "locks %t for writing|tries to lock %t for writing: in vain",
    [OP_READ_UNLOCK] = "unlocks %t (reading)|unlocks %t, which it does not hold",
    [OP_WRITE_UNLOCK] = "unlocks %t (writing)|unlocks %t, which it does not hold",
    [OP_ARRIVE] = "arrives at %t",
    [OP_LEAVE] = "goes on from %t",
    [OP_ONCE] = "comes to %t",
    [OP_ONCE_DONE] = "%t is done",
    [OP_CREATE] = "creates %T",
    [OP_JOIN] = "has waited for %T to end|has waited long enough for %T",
    [OP_TRYJOIN] = "asks whether %T has ended",
    [OP_END] = "ends",
    [OP_EXIT] = "exits",
    [OP_SLEEP] = "has slept",
    [OP_YIELD] = "yields",
    [OP_FORK] = "forks %T",
    [OP_REAP] = "has waited for %T to end",
    [OP_KILL] = "kills %T",
    [OP_PIPE_READ] = "reads from %t",
    [OP_PIPE_WRITE] = "writes to %t",
    [OP_PIPE_CLOSE] = "closes %t",
    [OP_POLL] = "polls",
    [OP_LOOK] = "looks at a file",
    [OP_CHANGE] = "changes a file",
    [OP_MEET] = "meets the others|comes to the meeting: nobody else can come",
};

static const char *const waits[OP_KINDS] = {
    [OP_READ] = "looks at %t again and again",
    [OP_ATOMIC_LOAD] = "looks at %t again and again",
    [OP_ATOMIC_UPDATE] = "tries %t again and again",
    [OP_ATOMIC_COMPARE] = "tries %t again and again",
    [OP_TRYLOCK] = "tries to lock %t again and again",
    [OP_SEM_TRYWAIT] = "tries %t again and again",
    [OP_LOCK] = "waits for %t, which %h holds",
    [OP_WAKE] = "waits on %t for a signal",
    [OP_SEM_WAIT] = "waits for somebody to post %t",
    [OP_READ_LOCK] = "waits to read-lock %t",
    [OP_WRITE_LOCK] = "waits to write-lock %t",
    [OP_LEAVE] = "waits at %t for the others",
    [OP_ONCE] = "waits until %t is done",
    [OP_JOIN] = "waits for %T to end",
    [OP_SLEEP] = "sleeps",
    [OP_REAP] = "waits for a child to end",
    [OP_PIPE_READ] = "waits to read from %t",
    [OP_PIPE_WRITE] = "waits to write to %t: it is full",
    [OP_POLL] = "waits for something to read",
    [OP_MEET] = "waits for the others to come",
};

/* Everything that a text can name. */
struct words {
    const struct story *story;
    const struct trace_op *op;
    uint32_t event;
    const char *thing, *value, *old;
    int holder;
};

static void put_mutex(const struct words *w, struct buf *out)
{
    struct thing x;

    names_place(w->story->names, w->event, &w->op->place[1], false, &x);
    buf_puts(out, x.name);
}

static void put_word(const struct words *w, char code, struct buf *out)
{
    switch (code) {
    case 't':
        buf_puts(out, w->thing);
        return;
    case 'v':
        buf_puts(out, w->value ? w->value : "?");
        return;
    case 'o':
        buf_puts(out, w->old ? w->old : "?");
        return;
    case 'm':
        put_mutex(w, out);
        return;
    case 'T':
        buf_puts(out, w->op->other >= 0 ? story_task(w->story, w->op->other) : "another task");
        return;
    default:
        buf_puts(out, w->holder >= 0 ? story_task(w->story, w->holder) : "somebody");
    }
}

static void put_text(const struct words *w, const char *text, bool failed, struct buf *out)
{
    const char *bar = strchr(text, '|');
    const char *end = bar ? bar : text + strlen(text);

    if (failed && bar) {
        text = bar + 1;
        end = text + strlen(text);
    }
    for (; text < end; text++)
        if (text[0] == '%' && text + 1 < end)
            put_word(w, *++text, out);
        else
            buf_putc(out, *text);
}

static bool has_value(const struct trace_op *op)
{
    return (op->flags & OPF_MEMORY && op->kind != OP_FREE && op->place[0].size - 1u < 8) ||
           op->kind == OP_SEM_WAIT || op->kind == OP_SEM_TRYWAIT || op->kind == OP_SEM_POST ||
           op->kind == OP_SEM_VALUE;
}

static char *value_text(const struct story *s, uint32_t event, const struct thing *x, uint64_t raw)
{
    const struct trace_op *op = &s->trace.events[event].op;
    struct buf text = BUF_EMPTY;

    if (op->flags & OPF_MEMORY)
        names_value(s->names, event, x, raw, op->place[0].size, &text);
    else
        buf_printf(&text, "%llu", (unsigned long long)raw);
    return buf_detach(&text);
}

/* The value is not what the task itself saw or wrote the last time: somebody else was here. */
static bool changed_behind_back(const struct story *s, uint32_t event)
{
    const struct trace_event *e = &s->trace.events[event];

    for (uint32_t i = event; i-- > 0 && event - i < 4096;) {
        const struct trace_event *o = &s->trace.events[i];

        if (o->task == e->task && o->op.flags & OPF_MEMORY &&
            o->op.place[0].address == e->op.place[0].address &&
            o->op.place[0].space == e->op.place[0].space)
            return o->after != e->before;
    }
    return false;
}

static void put_remarks(
    const struct story *s, uint32_t event, const struct row *row, struct buf *out)
{
    const struct trace_event *e = &s->trace.events[event];
    unsigned kind = e->op.kind;

    if ((kind == OP_WRITE || kind == OP_ATOMIC_STORE) && row->old && changed_behind_back(s, event))
        buf_printf(out, " (it was %s)", row->old);
    if (kind == OP_WAKE && e->flags & EVENT_SPURIOUS)
        buf_puts(out, " (without a signal)");
    if (e->flags & EVENT_UNHEARD)
        buf_puts(out, ": nobody waits");
    if ((kind == OP_PIPE_READ || kind == OP_PIPE_WRITE) && e->result > 0)
        buf_printf(out, ": %d byte%s", e->result, e->result == 1 ? "" : "s");
    if (kind == OP_PIPE_READ && e->result == 0)
        buf_puts(out, ": end of file");
    if (kind == OP_PIPE_CLOSE && e->result != TRACE_BOTH_ENDS)
        buf_puts(out, e->result == TRACE_WRITING_END ? " (the writing end)" : " (the reading end)");
}

static bool failed(const struct trace_event *e)
{
    return e->flags & (EVENT_FAILED | EVENT_TIMEOUT);
}

/* Of a lock: who had it before, as the program says. */
static int owner_before(const struct trace_event *e)
{
    return e->before - 1 < TRACE_TASKS ? (int)(e->before - 1) : -1;
}

void verb_done(const struct story *s, uint32_t event, struct row *row)
{
    const struct trace_event *e = &s->trace.events[event];
    struct buf what = BUF_EMPTY;
    struct words w = {.story = s, .op = &e->op, .event = event, .holder = owner_before(e)};
    struct thing x;

    story_thing(s, event, &e->op, &x);
    if (has_value(&e->op)) {
        row->value = value_text(s, event, &x, e->after);
        row->old = value_text(s, event, &x, e->before);
    }
    row->thing = xstrdup(x.name);
    w.thing = row->thing;
    w.value = row->value;
    w.old = row->old;
    if (!row->value && e->op.flags & OPF_MEMORY && e->op.kind != OP_FREE)
        buf_printf(&what, "%s %s (%u bytes)", e->op.kind == OP_READ ? "reads" : "writes", x.name,
            e->op.place[0].size);
    else if (e->op.kind == OP_EXIT && !s->trace.tasks[e->task].process)
        buf_puts(&what, "ends the program");
    else if (texts[e->op.kind])
        put_text(&w, texts[e->op.kind], failed(e), &what);
    put_remarks(s, event, row, &what);
    row->what = buf_detach(&what);
    if (!row->what)
        row->what = xstrdup("does something");
}

void verb_stands(const struct story *s, int task, const struct trace_op *op, uint32_t event,
    int holder, struct buf *out)
{
    struct words w = {.story = s, .op = op, .event = event, .holder = holder};
    struct thing x;

    story_thing(s, event, op, &x);
    w.thing = x.name;
    if (op->kind == OP_LOCK && holder == task)
        buf_printf(out, "waits for %s, which it holds itself", x.name);
    else if (op->kind == OP_WAKE && holder >= 0)
        buf_printf(out, "was signalled, waits for its lock, which %s holds", story_task(s, holder));
    else if (op->kind < OP_KINDS && waits[op->kind])
        put_text(&w, waits[op->kind], false, out);
    else
        buf_puts(out, "is about to go on");
}

void verb_waits(const struct story *s, int task, struct buf *out)
{
    const struct trace_task *t = &s->trace.tasks[task];

    verb_stands(s, task, &t->pending, s->trace.result->n_events, t->holder, out);
}
