/* SPDX-License-Identifier: MIT */
#include "explore/sites.h"

#include "explore/depend.h"
#include "explore/holds.h"

#include <stdlib.h>
#include <string.h>

struct teller {
    const struct execution *x;
    struct lines *lines;
    struct outcome *outcome;
};

void sites_name_task(const struct execution *x, int task, struct buf *ret)
{
    if (task <= 0)
        buf_puts(ret, task == 0 ? "the main thread" : "a thread");
    else if ((uint32_t)task < x->result->n_tasks && x->tasks[task].is_process)
        buf_printf(ret, "process %d", task);
    else
        buf_printf(ret, "thread %d", task);
}

/* A pc is a return address: the call is before it. */
static struct place place_of(const struct teller *t, uint64_t pc)
{
    struct place p = {.function = "?"};

    if (!t->lines || !pc || !lines_find(t->lines, pc - 1, &p))
        p = (struct place){.function = "?"};
    return p;
}

static void add(const struct teller *t, const char *kind, uint64_t pc, struct buf *text)
{
    struct place p = place_of(t, pc);

    outcome_add_finding(t->outcome, kind, p.file, p.file ? p.line : 0, buf_text(text));
    buf_release(text);
}

static void put_place(const struct teller *t, uint64_t pc, struct buf *b)
{
    struct place p = place_of(t, pc);

    if (p.file)
        buf_printf(b, " (%s:%d)", p.file, p.line);
}

static void put_memory(const struct teller *t, uint64_t address, struct buf *b)
{
    uint64_t offset = 0;
    const char *name = t->lines ? lines_symbol(t->lines, address, &offset) : NULL;

    if (name && offset)
        buf_printf(b, " `%s` + %llu", name, (unsigned long long)offset);
    else if (name)
        buf_printf(b, " `%s`", name);
}

static void put_access(const struct teller *t, const struct trace_access *a, struct buf *b)
{
    sites_name_task(t->x, a->task, b);
    buf_puts(b, a->writes ? " writes" : " reads");
}

/* The access that lacks a lock is the place: the other one may be as it should. */
static void tell_race(const struct teller *t, const struct trace_finding *f)
{
    int first = holds_less(t->x->events, t->x->result->n_events, f);
    const struct trace_access *place = &f->access[first], *other = &f->access[!first];
    struct buf b = BUF_EMPTY;

    put_access(t, place, &b);
    put_memory(t, f->address, &b);
    put_place(t, place->pc, &b);
    buf_puts(&b, ", ");
    put_access(t, other, &b);
    put_place(t, other->pc, &b);
    buf_puts(&b, ", and nothing orders the two");
    add(t, "race", place->pc, &b);
}

static void tell_text(const struct teller *t, const struct trace_finding *f, const char *kind)
{
    struct buf b = BUF_EMPTY;

    if (f->access[0].task >= 0) {
        sites_name_task(t->x, f->access[0].task, &b);
        buf_puts(&b, ": ");
    }
    buf_puts(&b, f->text);
    add(t, kind, f->access[0].pc, &b);
}

static void tell_finding(const struct teller *t, const struct trace_finding *f)
{
    static const char *const kinds[FINDING_KINDS] = {
        [FINDING_MISUSE] = "misuse",
        [FINDING_MAIN_LEFT] = "leftover",
        [FINDING_UNJOINED] = "note",
        [FINDING_FREED] = "memory",
        [FINDING_UNHEARD] = "lost-wakeup",
        [FINDING_UNCONTROLLED] = "note",
    };

    if (f->kind == FINDING_RACE)
        tell_race(t, f);
    else
        tell_text(t, f, kinds[f->kind]);
}

/* What a task waits for, by its pending operation. */
static const char *const waits_for[OP_KINDS] = {
    [OP_LOCK] = "waits for a lock",
    [OP_READ_LOCK] = "waits for a read lock",
    [OP_WRITE_LOCK] = "waits for a write lock",
    [OP_WAKE] = "waits at a condition variable for a signal",
    [OP_SEM_WAIT] = "waits at a semaphore",
    [OP_LEAVE] = "waits at a barrier",
    [OP_ONCE] = "waits for a call that runs once",
    [OP_JOIN] = "waits for another thread to end",
    [OP_REAP] = "waits for a child process to end",
    [OP_PIPE_READ] = "waits for something to read",
    [OP_PIPE_WRITE] = "waits for room to write",
    [OP_POLL] = "waits in poll or select",
    [OP_MEET] = "waits for the others to arrive",
    [OP_SLEEP] = "sleeps",
};

static void put_waiting(
    const struct teller *t, const struct trace_task *task, int id, struct buf *b)
{
    bool spins = task->pending.flags & OPF_SPINNING;
    const struct trace_place *looks = &task->pending.place[0];
    const char *what = waits_for[task->pending.kind];

    sites_name_task(t->x, id, b);
    buf_printf(b, " %s", spins ? "looks again and again" : what ? what : "could go on");
    if (spins && !(task->pending.flags & OPF_MEMORY) && task->pending.place[1].size)
        looks = &task->pending.place[1]; /* of a loop with a lock in it: what it reads inside */
    if (looks->size && looks->space < SPACE_TASK)
        put_memory(t, looks->address, b);
    if (task->pending.kind == OP_JOIN && task->holder >= 0)
        buf_printf(b, " (thread %d)", task->holder);
    else if (task->holder == id)
        buf_puts(b, " that it holds itself");
    else if (task->holder >= 0) {
        buf_puts(b, " that ");
        sites_name_task(t->x, task->holder, b);
        buf_puts(b, " holds");
    }
}

static void tell_waiting(const struct teller *t)
{
    for (uint32_t i = 0; i < t->x->result->n_tasks; i++) {
        const struct trace_task *task = &t->x->tasks[i];
        struct buf b = BUF_EMPTY;

        if (task->state != TRACE_TASK_PENDING)
            continue;
        put_waiting(t, task, (int)i, &b);
        add(t, "waits", task->pending.pc, &b);
    }
}

/* The last signal on that condition variable that had no waiter: what a waiting task missed. */
static void tell_unheard(const struct teller *t, const struct trace_task *task, int id)
{
    for (uint32_t i = t->x->result->n_events; i-- > 0;) {
        const struct trace_event *e = &t->x->events[i];
        struct buf b = BUF_EMPTY;

        if (!(e->flags & EVENT_UNHEARD) ||
            !places_conflict(&e->op.place[0], &task->pending.place[0]))
            continue;
        buf_puts(&b, "the signal that ");
        sites_name_task(t->x, id, &b);
        buf_puts(&b, " waits for was given before it waited: nobody heard it");
        add(t, "lost-wakeup", e->op.pc, &b);
        return;
    }
}

static void tell_all_unheard(const struct teller *t)
{
    for (uint32_t i = 0; i < t->x->result->n_tasks; i++)
        if (t->x->tasks[i].state == TRACE_TASK_PENDING && t->x->tasks[i].pending.kind == OP_WAKE)
            tell_unheard(t, &t->x->tasks[i], (int)i);
}

/* The sentence of a deadlock: the first three who wait. */
static void rewrite_text(const struct teller *t)
{
    struct outcome *o = t->outcome;
    struct buf b = BUF_EMPTY;
    size_t told = 0, waiting = 0;

    buf_printf(&b, "%s: ", o->text ? o->text : "every task waits");
    for (size_t i = 0; i < o->n_findings; i++) {
        if (strcmp(o->findings[i].kind, "waits") != 0 || ++waiting > 3)
            continue;
        buf_printf(&b, "%s%s", told++ ? "; " : "", o->findings[i].text);
        if (o->findings[i].file)
            buf_printf(&b, " (%s:%d)", o->findings[i].file, o->findings[i].line);
    }
    if (waiting > 3)
        buf_printf(&b, "; and %zu more", waiting - 3);
    free(o->text);
    o->text = buf_detach(&b);
}

/* Where the failing operation of an assertion, a signal or an early end was. */
static void tell_end(const struct teller *t)
{
    const struct trace_result *r = t->x->result;
    struct buf b = BUF_EMPTY;

    for (uint32_t i = r->n_events; i-- > 0;) {
        const struct trace_event *e = &t->x->events[i];

        if (e->task != (uint16_t)r->task || !e->op.pc)
            continue;
        sites_name_task(t->x, r->task, &b);
        buf_printf(&b, ": %s", t->outcome->text ? t->outcome->text : t->outcome->ended);
        add(t, t->outcome->ended, e->op.pc, &b);
        return;
    }
}

void sites_tell(const struct execution *x, struct lines *lines, struct outcome *o)
{
    struct teller t = {x, lines, o};
    enum trace_end end = (enum trace_end)x->result->end;

    for (uint32_t i = 0; i < x->result->n_findings; i++)
        tell_finding(&t, &x->findings[i]);
    if (end == END_DEADLOCK || end == END_LIVELOCK) {
        tell_waiting(&t);
        rewrite_text(&t);
        tell_all_unheard(&t);
    }
    if (end == END_SIGNAL || end == END_ASSERT || end == END_ABORT)
        tell_end(&t);
}
