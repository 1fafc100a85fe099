/* SPDX-License-Identifier: MIT */
/* Everybody waits: in a circle, for a lock that nobody gives back, for a signal that was given
 * before anybody listened. */
#include "explain/cause.h"

#include <string.h>

static bool waits_at_end(const struct story *s, int task)
{
    const struct trace_task *t;

    if (task < 0 || (uint32_t)task >= s->trace.result->n_tasks)
        return false;
    t = &s->trace.tasks[task];
    return t->state == TRACE_TASK_PENDING && !t->enabled;
}

static bool is_stuck(const struct story *s)
{
    return s->trace.result->end == END_DEADLOCK;
}

static int holder_of(const struct story *s, int task)
{
    return s->trace.tasks[task].holder;
}

static void put_pending_thing(struct story *s, int task)
{
    struct thing x;

    story_thing(s, s->trace.result->n_events, &s->trace.tasks[task].pending, &x);
    buf_printf(&s->sentence, "`%s`", x.name);
}

/* The lock that `holder` has and `task` waits for; NULL: it waits for something else. */
static bool find_hold(const struct story *s, int holder, int task, struct hold *ret)
{
    const struct trace_op *op = &s->trace.tasks[task].pending;
    const struct trace_place *wanted = &op->place[op->kind == OP_WAKE ? 1 : 0];
    struct hold all[HOLDS_MOST];
    size_t n = story_holds(s, s->trace.result->n_events, holder, all);

    for (size_t i = 0; i < n; i++)
        if (all[i].place.address == wanted->address && all[i].place.space == wanted->space) {
            *ret = all[i];
            return true;
        }
    return false;
}

/* From one waiting task to the holder of what it waits for, and on; the first one of a circle. */
static int find_circle(const struct story *s)
{
    for (uint32_t i = 0; i < s->trace.result->n_tasks; i++) {
        int at = (int)i;

        for (uint32_t steps = 0; steps <= s->trace.result->n_tasks && waits_at_end(s, at);
             steps++) {
            at = holder_of(s, at);
            if (at == (int)i)
                return at;
        }
    }
    return -1;
}

static void put_link(struct story *s, int task, int next)
{
    struct hold h;

    if (s->trace.tasks[task].pending.kind == OP_JOIN) {
        buf_printf(
            &s->sentence, "%s waits for %s to end ", story_task(s, task), story_task(s, next));
        cause_put_line(s, s->trace.tasks[task].pending.pc);
        return;
    }
    buf_printf(&s->sentence, "%s waits for ", story_task(s, task));
    put_pending_thing(s, task);
    buf_putc(&s->sentence, ' ');
    cause_put_line(s, s->trace.tasks[task].pending.pc);
    if (!find_hold(s, next, task, &h))
        return;
    buf_printf(&s->sentence, ", which %s has held since ", story_task(s, next));
    story_where(s, cause_event(s, h.since)->op.pc, &s->sentence);
    buf_printf(&s->sentence, " (step %u)", story_number(s, h.since));
    story_mark(s, h.since);
}

static void say_itself(struct story *s, int task)
{
    struct hold h;

    buf_printf(&s->sentence, "Deadlock of one: %s waits for ", story_task(s, task));
    put_pending_thing(s, task);
    buf_putc(&s->sentence, ' ');
    cause_put_line(s, s->trace.tasks[task].pending.pc);
    buf_puts(&s->sentence, ", which it holds itself");
    if (find_hold(s, task, task, &h)) {
        buf_puts(&s->sentence, " since ");
        story_where(s, cause_event(s, h.since)->op.pc, &s->sentence);
        buf_printf(&s->sentence, " (step %u)", story_number(s, h.since));
        story_mark(s, h.since);
    }
    buf_puts(&s->sentence, ". Was it not unlocked on some path?");
}

bool cause_circle(struct story *s)
{
    int first = is_stuck(s) ? find_circle(s) : -1, at = first;

    if (first < 0)
        return false;
    cause_begin(s, "deadlock", s->trace.tasks[first].pending.pc);
    if (holder_of(s, first) == first) {
        say_itself(s, first);
        return true;
    }
    buf_puts(&s->sentence, "Deadlock, a circle: ");
    do {
        int next = holder_of(s, at);

        put_link(s, at, next);
        buf_puts(&s->sentence, next == first ? ". None of them can ever go on." : "; ");
        at = next;
    } while (at != first);
    return true;
}

/* The lock's holder is gone, or waits for something that has no holder. */
bool cause_left_locked(struct story *s)
{
    for (uint32_t i = 0; is_stuck(s) && i < s->trace.result->n_tasks; i++) {
        int task = (int)i, holder = waits_at_end(s, task) ? holder_of(s, task) : -1;
        struct hold h;

        if (holder < 0 || s->trace.tasks[holder].state < TRACE_TASK_ENDED ||
            !find_hold(s, holder, task, &h))
            continue;
        cause_begin(s, "deadlock", cause_event(s, h.since)->op.pc);
        buf_printf(&s->sentence, "Deadlock: %s locked ", story_task(s, holder));
        put_pending_thing(s, task);
        buf_putc(&s->sentence, ' ');
        cause_put_step(s, h.since);
        buf_printf(
            &s->sentence, " and ended without unlocking it; %s waits for it ", story_task(s, task));
        cause_put_line(s, s->trace.tasks[task].pending.pc);
        buf_puts(&s->sentence, " for ever.");
        return true;
    }
    return false;
}

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
        buf_printf(&s->sentence, " %s had looked at ", story_task(s, task));
        cause_put_thing(s, look);
        buf_putc(&s->sentence, ' ');
        cause_put_step(s, look);
        buf_printf(
            &s->sentence, " before %s changed it ", story_task(s, cause_event(s, change)->task));
        cause_put_step(s, change);
        buf_puts(&s->sentence,
            ". To look and to begin waiting must be one step for everybody else: hold the mutex "
            "from the look to the wait, and while changing.");
    } else if (!looked_at_all(s, wait)) {
        buf_printf(&s->sentence,
            " %s did not look first whether there was still something to wait for.",
            story_task(s, task));
    }
}

static void say_unheard(struct story *s, uint32_t signal, uint32_t wait)
{
    const struct trace_event *e = cause_event(s, signal), *w = cause_event(s, wait);

    cause_begin(s, "lost-wakeup", e->op.pc);
    buf_printf(&s->sentence, "Lost wake-up: %s signalled ", story_task(s, e->task));
    cause_put_thing(s, signal);
    buf_putc(&s->sentence, ' ');
    cause_put_step(s, signal);
    buf_printf(&s->sentence, " while nobody waited, so nobody heard it; %s began to wait ",
        story_task(s, w->task));
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
    buf_printf(&s->sentence, " when %s signalled it ", story_task(s, e->task));
    cause_put_step(s, signal);
    buf_printf(&s->sentence,
        ", and a signal wakes one of them. %s was not the one, and nobody "
        "signals again.",
        story_task(s, waiter));
}

static void say_never_signalled(struct story *s, uint32_t wait)
{
    int task = cause_event(s, wait)->task;

    cause_begin(s, "lost-wakeup", cause_event(s, wait)->op.pc);
    buf_printf(&s->sentence, "Nobody wakes %s: it waits on ", story_task(s, task));
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
    for (uint32_t i = 0; is_stuck(s) && i < s->trace.result->n_tasks; i++) {
        const struct trace_task *t = &s->trace.tasks[i];
        long signal, wait;

        if (!waits_at_end(s, (int)i) || t->pending.kind != OP_WAKE || t->holder >= 0)
            continue;
        wait = own_wait(s, (int)i);
        signal = last_on(s, &t->pending.place[0], OP_SIGNAL, OP_BROADCAST);
        if (signal != NO_EVENT && wait != NO_EVENT && explain_waiter(s, (int)i))
            return true;
        later = (int)i;
    }
    return later >= 0 && explain_waiter(s, later);
}

/* What is said of a task that waits for something without a holder. */
static const char *const never_comes[OP_KINDS] = {
    [OP_SEM_WAIT] = "its value is 0, and nobody is left who would post it",
    [OP_LEAVE] = "too few come to it, so it never opens",
    [OP_PIPE_READ] = "nothing is in it, nobody writes any more, and somebody still has the writing "
                     "end open, so the end of the file never comes",
    [OP_PIPE_WRITE] = "it is full, and nobody reads from it any more",
    [OP_READ_LOCK] = "it is locked and nobody unlocks it",
    [OP_WRITE_LOCK] = "it is locked and nobody unlocks it",
    [OP_LOCK] = "nobody unlocks it any more",
    [OP_ONCE] = "its first call never comes to an end",
};

bool cause_waits_for_ever(struct story *s)
{
    int said = 0;

    for (uint32_t i = 0; is_stuck(s) && i < s->trace.result->n_tasks; i++) {
        const struct trace_task *t = &s->trace.tasks[i];

        if (!waits_at_end(s, (int)i) || !never_comes[t->pending.kind])
            continue;
        if (!said++)
            cause_begin(s, "deadlock", t->pending.pc);
        if (said > 3)
            return true;
        buf_printf(
            &s->sentence, "%s%s waits for ", said == 1 ? "Deadlock: " : " ", story_task(s, (int)i));
        put_pending_thing(s, (int)i);
        buf_putc(&s->sentence, ' ');
        cause_put_line(s, t->pending.pc);
        buf_printf(&s->sentence, ": %s.", never_comes[t->pending.kind]);
    }
    return said > 0;
}

bool cause_spins(struct story *s)
{
    for (uint32_t i = 0; i < s->trace.result->n_tasks; i++) {
        const struct trace_task *t = &s->trace.tasks[i];

        if (s->trace.result->end != END_LIVELOCK || t->state != TRACE_TASK_PENDING ||
            !(t->pending.flags & OPF_SPINNING))
            continue;
        cause_begin(s, "livelock", t->pending.pc);
        buf_printf(&s->sentence, "%s looks at ", story_task(s, (int)i));
        put_pending_thing(s, (int)i);
        buf_puts(&s->sentence, " again and again ");
        cause_put_line(s, t->pending.pc);
        buf_puts(&s->sentence, ", and nobody is left who could change it.");
        return true;
    }
    return false;
}
