/* SPDX-License-Identifier: MIT */
/* Everybody waits: in a circle, for a lock that nobody gives back, for a signal that was given
 * before anybody listened. */
#include "explain/cause.h"

static bool is_stuck(const struct story *s)
{
    return s->trace.result->end == END_DEADLOCK;
}

static int holder_of(const struct story *s, int task)
{
    int holder = s->trace.tasks[task].holder;

    return holder >= 0 && (uint32_t)holder < s->trace.result->n_tasks ? holder : -1;
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

int cause_find_circle(const struct story *s)
{
    for (uint32_t i = 0; i < s->trace.result->n_tasks; i++) {
        int at = (int)i;

        for (uint32_t steps = 0; steps <= s->trace.result->n_tasks && cause_waits_at_end(s, at);
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
            &s->sentence, "%s waits for %s to end ", cause_task(s, task), cause_task(s, next));
        cause_put_line(s, s->trace.tasks[task].pending.pc);
        return;
    }
    buf_printf(&s->sentence, "%s waits for ", cause_task(s, task));
    cause_put_pending(s, task);
    buf_putc(&s->sentence, ' ');
    cause_put_line(s, s->trace.tasks[task].pending.pc);
    if (!find_hold(s, next, task, &h))
        return;
    buf_printf(&s->sentence, ", which %s has held since ", cause_task(s, next));
    story_where(s, cause_event(s, h.since)->op.pc, &s->sentence);
    buf_printf(&s->sentence, " (step %u)", story_number(s, h.since));
    story_mark(s, h.since);
}

static const char *advice(uint8_t kind)
{
    if (kind == OP_ONCE)
        return ": the function that is to run once calls for itself, before it has returned.";
    if (kind == OP_READ_LOCK || kind == OP_WRITE_LOCK)
        return ". Whoever has it for writing cannot lock it again: it has to be unlocked first.";
    return ". A mutex cannot be locked twice, not even by the same thread: it has to be unlocked "
           "first.";
}

static void say_itself(struct story *s, int task)
{
    struct hold h;

    buf_printf(&s->sentence, "Deadlock of one: %s waits for ", cause_task(s, task));
    cause_put_pending(s, task);
    buf_putc(&s->sentence, ' ');
    cause_put_line(s, s->trace.tasks[task].pending.pc);
    buf_puts(&s->sentence, ", which it holds itself");
    if (find_hold(s, task, task, &h)) {
        buf_puts(&s->sentence, " since ");
        story_where(s, cause_event(s, h.since)->op.pc, &s->sentence);
        buf_printf(&s->sentence, " (step %u)", story_number(s, h.since));
        story_mark(s, h.since);
    }
    buf_puts(&s->sentence, advice(s->trace.tasks[task].pending.kind));
}

bool cause_circle(struct story *s)
{
    int first = is_stuck(s) ? cause_find_circle(s) : -1, at = first;

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
        int task = (int)i, holder = cause_waits_at_end(s, task) ? holder_of(s, task) : -1;
        struct hold h;

        if (holder < 0 || s->trace.tasks[holder].state < TRACE_TASK_ENDED ||
            !find_hold(s, holder, task, &h))
            continue;
        cause_begin(s, "deadlock", cause_event(s, h.since)->op.pc);
        buf_printf(&s->sentence, "Deadlock: %s locked ", cause_task(s, holder));
        cause_put_pending(s, task);
        buf_putc(&s->sentence, ' ');
        cause_put_step(s, h.since);
        buf_printf(
            &s->sentence, " and ended without unlocking it; %s waits for it ", cause_task(s, task));
        cause_put_line(s, s->trace.tasks[task].pending.pc);
        buf_puts(&s->sentence, " for ever.");
        return true;
    }
    return false;
}

/* What is said of tasks that wait for something without a holder: how they wait, what for, and why
 * it never comes. */
static const struct {
    const char *wait, *why;
} never_comes[OP_KINDS] = {
    [OP_SEM_WAIT] = {"for the semaphore", "its value is 0, and nobody is left who would post it"},
    [OP_LEAVE] = {"at the barrier", "it opens only when more come, and nobody else will"},
    [OP_PIPE_READ] = {"for something to read from",
        "nothing is in it, nobody writes any more, and somebody still has the writing end open, so "
        "the end of the file never comes"},
    [OP_PIPE_WRITE] = {"to write to", "it is full, and nobody reads from it any more"},
    [OP_READ_LOCK] = {"for", "it is locked and nobody unlocks it"},
    [OP_WRITE_LOCK] = {"for", "it is locked and nobody unlocks it"},
    [OP_LOCK] = {"for", "nobody unlocks it any more"},
    [OP_ONCE] = {"for", "its first call never comes to an end"},
};

static bool waits_for_ever(const struct story *s, int task)
{
    const struct trace_op *op = &s->trace.tasks[task].pending;

    return cause_waits_at_end(s, task) && op->kind < OP_KINDS && never_comes[op->kind].why;
}

static bool wait_alike(const struct story *s, int a, int b)
{
    const struct trace_op *x = &s->trace.tasks[a].pending, *y = &s->trace.tasks[b].pending;

    return waits_for_ever(s, a) && waits_for_ever(s, b) && x->kind == y->kind &&
           cause_same_place(&x->place[0], &y->place[0]);
}

static bool is_first_of_its_kind(const struct story *s, int task)
{
    for (int i = 0; i < task; i++)
        if (wait_alike(s, i, task))
            return false;
    return waits_for_ever(s, task);
}

/* "thread 1, thread 2 and thread 3 wait at the barrier `start` (line 8)" */
static void put_waiters(struct story *s, int first)
{
    int n = (int)s->trace.result->n_tasks, all = 0, said = 0;

    for (int i = first; i < n; i++)
        all += wait_alike(s, first, i);
    for (int i = first; i < n; i++) {
        if (!wait_alike(s, first, i))
            continue;
        buf_printf(&s->sentence, "%s%s",
            !said             ? ""
            : said == all - 1 ? " and "
                              : ", ",
            cause_task(s, i));
        said++;
    }
    buf_printf(&s->sentence, " %s %s ", all > 1 ? "wait" : "waits",
        never_comes[s->trace.tasks[first].pending.kind].wait);
    cause_put_pending(s, first);
    buf_putc(&s->sentence, ' ');
    cause_put_line(s, s->trace.tasks[first].pending.pc);
}

bool cause_waits_for_ever(struct story *s)
{
    int said = 0;

    for (int i = 0; is_stuck(s) && i < (int)s->trace.result->n_tasks && said < 3; i++) {
        if (!is_first_of_its_kind(s, i))
            continue;
        if (!said)
            cause_begin(s, "deadlock", s->trace.tasks[i].pending.pc);
        buf_puts(&s->sentence, said++ ? " " : "Deadlock: ");
        put_waiters(s, i);
        buf_printf(&s->sentence, ": %s.", never_comes[s->trace.tasks[i].pending.kind].why);
    }
    return said > 0;
}

/* The value that a spinning task saw last. */
static void put_seen_value(struct story *s, int task)
{
    const struct trace_op *op = &s->trace.tasks[task].pending;

    for (uint32_t i = s->trace.result->n_events; i-- > 0;) {
        const struct trace_event *e = cause_event(s, i);

        if (e->task != task || !(e->op.flags & OPF_MEMORY) ||
            !cause_same_place(&e->op.place[0], &op->place[0]))
            continue;
        buf_puts(&s->sentence, ", which is ");
        cause_put_value(s, i, e->after);
        buf_putc(&s->sentence, ',');
        return;
    }
}

bool cause_spins(struct story *s)
{
    for (uint32_t i = 0; i < s->trace.result->n_tasks; i++) {
        const struct trace_task *t = &s->trace.tasks[i];

        if (s->trace.result->end != END_LIVELOCK || t->state != TRACE_TASK_PENDING ||
            !(t->pending.flags & OPF_SPINNING))
            continue;
        cause_begin(s, "livelock", t->pending.pc);
        buf_printf(&s->sentence, "%s looks at ", cause_task(s, (int)i));
        cause_put_pending(s, (int)i);
        put_seen_value(s, (int)i);
        buf_puts(&s->sentence, " again and again ");
        cause_put_line(s, t->pending.pc);
        buf_puts(&s->sentence, ", and nobody is left who could change it.");
        return true;
    }
    return false;
}
