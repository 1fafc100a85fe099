/* SPDX-License-Identifier: MIT */
/*
 * Values that went astray. A program that came out wrong has nearly always acted on a value that
 * was no longer true; which access was it, and who had changed it?
 */
#include "explain/cause.h"

#include <string.h>

/* A task's read and write of the same bytes, with another task's write between them. */
struct stale {
    uint32_t read;
    uint32_t between; /* the last one */
    uint32_t act;
    unsigned lost; /* writes between them */
    int score;
};

/* The last write of another task to the same bytes in between, and how many there were. */
static long write_between(const struct story *s, uint32_t from, uint32_t to, unsigned *ret_count)
{
    const struct trace_event *e = cause_event(s, to);
    long last = NO_EVENT;

    *ret_count = 0;
    for (uint32_t i = from + 1; i < to; i++) {
        const struct trace_event *o = cause_event(s, i);

        if (o->task == e->task || !cause_writes(o) || !cause_same_bytes(o, e))
            continue;
        last = i;
        ++*ret_count;
    }
    return last;
}

static bool same_line(const struct story *s, uint32_t a, uint32_t b)
{
    const struct row *x = story_row(s, a), *y = story_row(s, b);

    return x && y && x->line == y->line && x->file && y->file && !strcmp(x->file, y->file);
}

/* How sure it is that a write was worked out from a read: on one line it is; when the other task
 * does the same, very likely. */
static int sureness(const struct story *s, const struct stale *x)
{
    long other_read = cause_own_before(s, x->between);
    int score = 0;

    if (same_line(s, x->read, x->act))
        score += 4;
    if (other_read != NO_EVENT && cause_reads(cause_event(s, (uint32_t)other_read)))
        score += 2;
    if (cause_event(s, x->between)->before != cause_event(s, x->between)->after)
        score += 1;
    return score;
}

static bool is_plain_write(const struct trace_event *e)
{
    return e->op.kind == OP_WRITE || e->op.kind == OP_ATOMIC_STORE;
}

static struct stale find_lost_update(const struct story *s)
{
    struct stale best = {.score = 2};

    for (uint32_t i = 0; i < s->trace.result->n_events; i++) {
        struct stale x = {.act = i};
        long read, between;

        if (!is_plain_write(cause_event(s, i)) || (read = cause_own_before(s, i)) == NO_EVENT ||
            !cause_reads(cause_event(s, (uint32_t)read)))
            continue;
        between = write_between(s, (uint32_t)read, i, &x.lost);
        if (between == NO_EVENT)
            continue;
        x.read = (uint32_t)read;
        x.between = (uint32_t)between;
        x.score = sureness(s, &x);
        if (x.score > best.score)
            best = x;
    }
    return best;
}

/* "thread 1 read 0 (line 8, step 3)" */
static void put_access(struct story *s, const char *verb, uint32_t event)
{
    const struct trace_event *e = cause_event(s, event);

    buf_printf(&s->sentence, "%s %s ", cause_task(s, e->task), verb);
    cause_put_value(s, event, e->after);
    buf_putc(&s->sentence, ' ');
    cause_put_step(s, event);
}

bool cause_lost_update(struct story *s)
{
    struct stale x;
    int they;

    if (!cause_is_wrong(s))
        return false;
    x = find_lost_update(s);
    if (!x.act)
        return false;
    they = cause_event(s, x.between)->task;
    cause_begin(s, "lost-update", cause_event(s, x.act)->op.pc);
    buf_puts(&s->sentence, "Lost update of ");
    cause_put_thing(s, x.act);
    buf_puts(&s->sentence, ": ");
    put_access(s, "read", x.read);
    buf_puts(&s->sentence, "; ");
    put_access(s, "wrote", x.between);
    buf_puts(&s->sentence, "; then ");
    put_access(s, "wrote", x.act);
    buf_puts(&s->sentence, ", worked out from the ");
    cause_put_value(s, x.read, cause_event(s, x.read)->after);
    if (x.lost > 1)
        buf_printf(
            &s->sentence, " that it had read before: the %u updates in between are lost.", x.lost);
    else
        buf_printf(
            &s->sentence, " that it had read before: what %s wrote is lost.", cause_task(s, they));
    cause_put_locks(s, x.read, x.act, x.between);
    cause_put_end(s);
    return true;
}

/* The task that failed, and the line that it was on. */
static long last_read_of(const struct story *s, int task, uint32_t before)
{
    for (uint32_t i = before; i-- > 0;)
        if (cause_event(s, i)->task == task && cause_reads(cause_event(s, i)))
            return i;
    return NO_EVENT;
}

static bool is_about_to_write(const struct story *s, uint32_t task, const struct trace_event *read)
{
    const struct trace_task *t = &s->trace.tasks[task];
    struct trace_event would = {.op = t->pending};

    return t->state == TRACE_TASK_PENDING && task != read->task && cause_writes(&would) &&
           cause_same_bytes(&would, read);
}

/* What the other task had written before, of memory that the failed task looked at, too. */
static long earlier_write(const struct story *s, uint32_t task, uint32_t before)
{
    for (uint32_t i = before; i-- > 0;)
        if (cause_event(s, i)->task == task && cause_writes(cause_event(s, i)))
            return i;
    return NO_EVENT;
}

static void say_torn(struct story *s, uint32_t read, uint32_t writer)
{
    long earlier = earlier_write(s, writer, read);
    const struct trace_event *e = cause_event(s, read);

    cause_begin(s, "too-early", e->op.pc);
    buf_printf(&s->sentence, "%s looked too early: it read ", cause_task(s, e->task));
    cause_put_thing(s, read);
    buf_puts(&s->sentence, " as ");
    cause_put_value(s, read, e->after);
    buf_putc(&s->sentence, ' ');
    cause_put_step(s, read);
    buf_printf(&s->sentence, " when %s was just about to write it ", cause_task(s, (int)writer));
    cause_put_line(s, s->trace.tasks[writer].pending.pc);
    if (earlier != NO_EVENT && !cause_same_bytes(cause_event(s, (uint32_t)earlier), e)) {
        buf_printf(&s->sentence, " and had already written ");
        cause_put_thing(s, (uint32_t)earlier);
        buf_putc(&s->sentence, ' ');
        cause_put_step(s, (uint32_t)earlier);
    }
    buf_putc(&s->sentence, '.');
    cause_put_end(s);
}

/* The failed task looked at something that another was just about to write. */
bool cause_torn_view(struct story *s)
{
    int task = s->trace.result->task;
    long read = s->trace.result->n_events;

    if (!cause_is_wrong(s) || s->promise || task < 0)
        return false;
    for (int looks = 0; looks < 8; looks++) {
        read = last_read_of(s, task, (uint32_t)read);
        if (read == NO_EVENT)
            return false;
        for (uint32_t i = 0; i < s->trace.result->n_tasks; i++)
            if (is_about_to_write(s, i, cause_event(s, (uint32_t)read))) {
                say_torn(s, (uint32_t)read, i);
                return true;
            }
    }
    return false;
}

/* Did the task write the thing after it had looked again? */
static long write_after(const struct story *s, uint32_t look)
{
    const struct trace_event *e = cause_event(s, look);

    for (uint32_t i = look + 1; i < s->trace.result->n_events; i++)
        if (cause_event(s, i)->task == e->task && cause_same_bytes(cause_event(s, i), e))
            return cause_writes(cause_event(s, i)) ? (long)i : NO_EVENT;
    return NO_EVENT;
}

/* Two looks of one task at the same thing that saw different values, as late as possible. A loop
 * that waits for a change sees it by one and the same instruction: that is no fault. `task`: whose;
 * -1: anybody's who then wrote. */
static bool find_two_looks(const struct story *s, int task, struct stale *ret)
{
    for (uint32_t i = s->trace.result->n_events; i-- > 0;) {
        const struct trace_event *e = cause_event(s, i);
        long first, between;

        if (!cause_reads(e) || (task >= 0 ? e->task != task : write_after(s, i) == NO_EVENT) ||
            (first = cause_own_before(s, i)) == NO_EVENT ||
            !cause_reads(cause_event(s, (uint32_t)first)) ||
            cause_event(s, (uint32_t)first)->op.pc == e->op.pc ||
            cause_event(s, (uint32_t)first)->after == e->after)
            continue;
        between = write_between(s, (uint32_t)first, i, &ret->lost);
        if (between == NO_EVENT)
            continue;
        ret->read = (uint32_t)first;
        ret->between = (uint32_t)between;
        ret->act = i;
        return true;
    }
    return false;
}

static void say_changed_between(struct story *s, const struct stale *x)
{
    int me = cause_event(s, x->act)->task, they = cause_event(s, x->between)->task;
    long write = write_after(s, x->act);

    cause_begin(s, "check-then-act", cause_event(s, x->act)->op.pc);
    buf_printf(&s->sentence, "What %s saw did not last: ", cause_task(s, me));
    cause_put_thing(s, x->act);
    buf_puts(&s->sentence, " was ");
    cause_put_value(s, x->read, cause_event(s, x->read)->after);
    buf_puts(&s->sentence, " when it looked ");
    cause_put_step(s, x->read);
    buf_printf(&s->sentence, "; then %s wrote ", cause_task(s, they));
    cause_put_value(s, x->between, cause_event(s, x->between)->after);
    buf_putc(&s->sentence, ' ');
    cause_put_step(s, x->between);
    if (write != NO_EVENT) {
        buf_printf(&s->sentence, "; %s went on all the same and wrote ", cause_task(s, me));
        cause_put_value(s, (uint32_t)write, cause_event(s, (uint32_t)write)->after);
        buf_putc(&s->sentence, ' ');
        cause_put_step(s, (uint32_t)write);
    } else {
        buf_puts(&s->sentence, ", and when it looked again it was ");
        cause_put_value(s, x->act, cause_event(s, x->act)->after);
        buf_putc(&s->sentence, ' ');
        cause_put_step(s, x->act);
    }
    buf_putc(&s->sentence, '.');
    cause_put_locks(s, x->read, write != NO_EVENT ? (uint32_t)write : x->act, x->between);
    cause_put_end(s);
}

bool cause_changed_between(struct story *s)
{
    int failed = s->trace.result->end == END_OK ? -1 : s->trace.result->task;
    struct stale x;

    if (!cause_is_wrong(s) ||
        (!find_two_looks(s, failed, &x) && (failed < 0 || !find_two_looks(s, -1, &x))))
        return false;
    say_changed_between(s, &x);
    return true;
}
