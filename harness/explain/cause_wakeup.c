/* SPDX-License-Identifier: MIT */
/* Condition variables: a signal that nobody heard, too few that were woken, a wake-up that was
 * taken for the truth. */
#include "explain/cause.h"

/* The last event of `kind` (or `other`) on the thing that a task waits for. */
static long last_on(
    const struct story *s, const struct trace_place *place, unsigned kind, unsigned other)
{
    for (uint32_t i = s->trace.result->n_events; i-- > 0;) {
        const struct trace_op *op = &cause_event(s, i)->op;

        if ((op->kind == kind || op->kind == other) && op->place[0].address == place->address &&
            op->place[0].space == place->space)
            return i;
    }
    return NO_EVENT;
}

static long own_wait(const struct story *s, int task)
{
    for (uint32_t i = s->trace.result->n_events; i-- > 0;)
        if (cause_event(s, i)->task == task && cause_event(s, i)->op.kind == OP_WAIT)
            return i;
    return NO_EVENT;
}

/* What the waiter looked at before it began to wait, if somebody changed that in between. */
static bool find_missed_change(
    const struct story *s, uint32_t wait, uint32_t *ret_look, uint32_t *ret_change)
{
    int task = cause_event(s, wait)->task;

    for (uint32_t i = wait; i-- > 0;) {
        if (cause_event(s, i)->task != task || !cause_reads(cause_event(s, i)))
            continue;
        for (uint32_t k = wait; k-- > i + 1;)
            if (cause_event(s, k)->task != task && cause_writes(cause_event(s, k)) &&
                cause_same_bytes(cause_event(s, k), cause_event(s, i))) {
                *ret_look = i;
                *ret_change = k;
                return true;
            }
        return false; /* the last look was still true */
    }
    return false;
}

static bool looked_at_all(const struct story *s, uint32_t wait)
{
    for (uint32_t i = wait; i-- > 0;)
        if (cause_event(s, i)->task == cause_event(s, wait)->task && cause_reads(cause_event(s, i)))
            return true;
    return false;
}

static void say_why_missed(struct story *s, uint32_t wait)
{
    int task = cause_event(s, wait)->task;
    uint32_t look, change;

    if (find_missed_change(s, wait, &look, &change)) {
        buf_printf(&s->sentence, " %s had looked at ", cause_task(s, task));
        cause_put_thing(s, look);
        buf_putc(&s->sentence, ' ');
        cause_put_step(s, look);
        buf_printf(
            &s->sentence, " before %s changed it ", cause_task(s, cause_event(s, change)->task));
        cause_put_step(s, change);
        buf_puts(&s->sentence, ". Nothing may come between the look and the wait: hold the mutex "
                               "from the one to the other, and let whoever changes ");
        cause_put_thing(s, look);
        buf_puts(&s->sentence, " hold it, too.");
    } else if (!looked_at_all(s, wait)) {
        buf_printf(&s->sentence,
            " %s did not look first whether there was still something to wait for.",
            cause_task(s, task));
    }
}

static void say_unheard(struct story *s, uint32_t signal, uint32_t wait)
{
    const struct trace_event *e = cause_event(s, signal), *w = cause_event(s, wait);

    cause_begin(s, "lost-wakeup", e->op.pc);
    buf_printf(&s->sentence, "Lost wake-up: %s signalled ", cause_task(s, e->task));
    cause_put_thing(s, signal);
    buf_putc(&s->sentence, ' ');
    cause_put_step(s, signal);
    buf_printf(&s->sentence, " while nobody waited, so nobody heard it; %s began to wait ",
        cause_task(s, w->task));
    cause_put_step(s, wait);
    buf_puts(&s->sentence, " after that, for a signal that never comes again.");
    say_why_missed(s, wait);
}

static void say_woke_another(struct story *s, uint32_t signal, int waiter)
{
    const struct trace_event *e = cause_event(s, signal);

    cause_begin(s, "lost-wakeup", e->op.pc);
    buf_printf(
        &s->sentence, "Too few woken: %llu threads waited on ", (unsigned long long)e->before);
    cause_put_thing(s, signal);
    buf_printf(&s->sentence, " when %s signalled it ", cause_task(s, e->task));
    cause_put_step(s, signal);
    buf_printf(&s->sentence,
        ", and a signal wakes one of them (a broadcast wakes all). %s was not the one, and nobody "
        "signals again.",
        cause_task(s, waiter));
}

static void say_never_signalled(struct story *s, uint32_t wait)
{
    int task = cause_event(s, wait)->task;

    cause_begin(s, "lost-wakeup", cause_event(s, wait)->op.pc);
    buf_printf(&s->sentence, "Nobody wakes %s: it waits on ", cause_task(s, task));
    cause_put_thing(s, wait);
    buf_putc(&s->sentence, ' ');
    cause_put_step(s, wait);
    buf_puts(&s->sentence, ", and no signal follows.");
    say_why_missed(s, wait);
}

/* A task that waits for a signal, and why it gets none. */
static bool explain_waiter(struct story *s, int task)
{
    long wait = own_wait(s, task), signal;

    if (wait == NO_EVENT)
        return false;
    signal = last_on(s, &s->trace.tasks[task].pending.place[0], OP_SIGNAL, OP_BROADCAST);
    if (signal == NO_EVENT)
        say_never_signalled(s, (uint32_t)wait);
    else if (signal < wait && cause_event(s, (uint32_t)signal)->flags & EVENT_UNHEARD)
        say_unheard(s, (uint32_t)signal, (uint32_t)wait);
    else if (signal > wait && cause_event(s, (uint32_t)signal)->before > 1)
        say_woke_another(s, (uint32_t)signal, task);
    else
        say_never_signalled(s, (uint32_t)wait);
    return true;
}

bool cause_lost_wakeup(struct story *s)
{
    int later = -1;

    /* A waiter whose signal went unheard tells more than one that nobody ever signals. */
    for (uint32_t i = 0; s->trace.result->end == END_DEADLOCK && i < s->trace.result->n_tasks;
         i++) {
        const struct trace_task *t = &s->trace.tasks[i];
        long signal, wait;

        if (!cause_waits_at_end(s, (int)i) || t->pending.kind != OP_WAKE || t->holder >= 0)
            continue;
        wait = own_wait(s, (int)i);
        signal = last_on(s, &t->pending.place[0], OP_SIGNAL, OP_BROADCAST);
        if (signal != NO_EVENT && wait != NO_EVENT && explain_waiter(s, (int)i))
            return true;
        later = (int)i;
    }
    return later >= 0 && explain_waiter(s, later);
}

static bool repeats_before_unlock(const struct story *s, uint32_t from, int task, uint64_t pc)
{
    for (uint32_t i = from + 1; i < s->trace.result->n_events; i++) {
        const struct trace_event *e = cause_event(s, i);

        if (e->task != task)
            continue;
        if (e->op.pc == pc)
            return true;
        if (e->op.kind == OP_UNLOCK || e->op.kind == OP_WAIT)
            return false;
    }
    return false;
}

/* Did the task read anything, after it woke, by an instruction that it had read with before it
 * waited? A `while` around the wait does, an `if` does not. */
static bool looked_again(const struct story *s, uint32_t wait, uint32_t wake)
{
    const struct trace_event *w = cause_event(s, wait);
    bool looked_before = false;

    for (uint32_t i = wait; i-- > 0;) {
        const struct trace_event *e = cause_event(s, i);

        if (e->task != w->task)
            continue;
        if (!cause_reads(e))
            break; /* the looks right before the wait */
        looked_before = true;
        if (repeats_before_unlock(s, wake, w->task, e->op.pc))
            return true;
    }
    return !looked_before;
}

static long own_wait_before(const struct story *s, uint32_t wake)
{
    for (uint32_t i = wake; i-- > 0;)
        if (cause_event(s, i)->task == cause_event(s, wake)->task &&
            cause_event(s, i)->op.kind == OP_WAIT)
            return i;
    return NO_EVENT;
}

static void say_not_looked_again(struct story *s, uint32_t wait, uint32_t wake)
{
    const struct trace_event *e = cause_event(s, wake);

    cause_begin(s, "if-for-while", e->op.pc);
    buf_printf(&s->sentence, "%s woke from ", cause_task(s, e->task));
    cause_put_thing(s, wake);
    buf_putc(&s->sentence, ' ');
    cause_put_step(s, wake);
    if (e->flags & EVENT_SPURIOUS)
        buf_puts(&s->sentence, " without a signal, which the system may do at any time,");
    buf_puts(&s->sentence,
        " and went on without looking again whether what it waited for is true. Somebody else may "
        "have been faster: look again after each wake-up (`while`, not `if`).");
    cause_put_end(s);
    story_mark(s, wait);
}

bool cause_not_looked_again(struct story *s)
{
    if (!cause_is_wrong(s))
        return false;
    for (uint32_t i = s->trace.result->n_events; i-- > 0;) {
        long wait;

        if (cause_event(s, i)->op.kind != OP_WAKE || (wait = own_wait_before(s, i)) == NO_EVENT ||
            looked_again(s, (uint32_t)wait, i))
            continue;
        say_not_looked_again(s, (uint32_t)wait, i);
        return true;
    }
    return false;
}
