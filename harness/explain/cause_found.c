/* SPDX-License-Identifier: MIT */
/* What the runtime's own detectors found, in a student's words. */
#include "explain/cause.h"

#include "base/clean.h"

#include <stdlib.h>

static const struct trace_finding *find(const struct story *s, enum trace_finding_kind kind)
{
    for (uint32_t i = 0; i < s->trace.result->n_findings; i++)
        if (s->trace.findings[i].kind == (uint32_t)kind)
            return &s->trace.findings[i];
    return NULL;
}

static bool is_event(const struct story *s, uint32_t event)
{
    return event < s->trace.result->n_events;
}

/* "thread 1 writes it (line 12, step 3)" */
static void put_access(struct story *s, const struct trace_access *a)
{
    buf_printf(&s->sentence, "%s %s it ", cause_task(s, a->task), a->writes ? "writes" : "reads");
    if (is_event(s, a->event))
        cause_put_step(s, a->event);
    else
        cause_put_line(s, a->pc);
}

/* The memory that a finding is about, by the access that is an event; else by its address. */
static void put_memory(struct story *s, const struct trace_finding *f)
{
    struct trace_place p = {.address = f->address, .size = f->access[0].size};
    struct thing x;
    int task = f->access[0].task;

    if (is_event(s, f->access[0].event)) {
        cause_put_thing(s, f->access[0].event);
        return;
    }
    if (task >= 0 && (uint32_t)task < s->trace.result->n_tasks)
        p.space = (uint16_t)s->trace.tasks[task].process;
    names_place(s->names, s->trace.result->n_events, &p, true, &x);
    buf_printf(&s->sentence, "`%s`", x.name);
}

static size_t holds_any(const struct story *s, uint32_t event)
{
    struct hold all[HOLDS_MOST];

    return story_holds(s, event, cause_event(s, event)->task, all);
}

/* The access that lacks a lock; the other one may be as it should. Only a line of the student's own
 * file helps. */
static uint64_t place_of_race(const struct story *s, const struct trace_finding *f)
{
    int less = holds_less(s->trace.events, s->trace.result->n_events, f);

    if (story_line_of(s, f->access[less].pc))
        return f->access[less].pc;
    return f->access[!less].pc;
}

bool cause_race(struct story *s)
{
    const struct trace_finding *f = find(s, FINDING_RACE);

    if (!f || f->access[0].task < 0 || f->access[1].task < 0)
        return false;
    cause_begin(s, "race", place_of_race(s, f));
    buf_puts(&s->sentence, "Data race on ");
    put_memory(s, f);
    buf_puts(&s->sentence, ": ");
    put_access(s, &f->access[1]);
    buf_puts(&s->sentence, " and ");
    put_access(s, &f->access[0]);
    buf_puts(&s->sentence,
        ", and nothing makes one of them wait for the other: no lock that both hold, no join, no "
        "signal in between.");
    if (is_event(s, f->access[0].event) && is_event(s, f->access[1].event) &&
        holds_any(s, f->access[0].event) + holds_any(s, f->access[1].event) > 0)
        cause_put_locks(s, f->access[0].event, f->access[0].event, f->access[1].event);
    if (s->trace.result->end == END_OK && !s->promise)
        buf_puts(&s->sentence, " This time the result came out right; that was luck.");
    return true;
}

static uint64_t freed_size(const struct story *s, const struct trace_event *e)
{
    for (uint32_t i = s->trace.result->n_blocks; i-- > 0;)
        if (s->trace.blocks[i].address == e->op.place[0].address)
            return s->trace.blocks[i].size ? s->trace.blocks[i].size : 1;
    return e->op.place[0].size ? e->op.place[0].size : 1;
}

/* Who freed what an address lies in: the last one before the access. */
static void put_freed(struct story *s, const struct trace_finding *f)
{
    uint32_t i = f->access[0].event;

    if (!is_event(s, i))
        i = s->trace.result->n_events;
    while (i-- > 0) {
        const struct trace_event *e = cause_event(s, i);

        if (e->op.kind != OP_FREE || f->address - e->op.place[0].address >= freed_size(s, e))
            continue;
        buf_printf(&s->sentence, ", but %s had freed it ", cause_task(s, e->task));
        cause_put_step(s, i);
        return;
    }
}

static bool is_free(const struct story *s, const struct trace_access *a)
{
    return is_event(s, a->event) && cause_event(s, a->event)->op.kind == OP_FREE;
}

bool cause_freed(struct story *s)
{
    const struct trace_finding *f = find(s, FINDING_FREED);
    bool twice = f && is_free(s, &f->access[0]);

    if (!f || f->access[0].task < 0)
        return false;
    cause_begin(s, "memory", f->access[0].pc);
    buf_printf(&s->sentence, "%s: %s %s ", twice ? "Freed twice" : "Use after free",
        cause_task(s, f->access[0].task),
        twice                 ? "frees"
        : f->access[0].writes ? "writes"
                              : "reads");
    put_memory(s, f);
    buf_putc(&s->sentence, ' ');
    if (is_event(s, f->access[0].event))
        cause_put_step(s, f->access[0].event);
    else
        cause_put_line(s, f->access[0].pc);
    put_freed(s, f);
    buf_puts(&s->sentence, ". What is there now belongs to somebody else, or to nobody.");
    return true;
}

/* Who holds the lock that was misused. */
static void put_owner(struct story *s, uint32_t event)
{
    const struct trace_event *e = cause_event(s, event);
    int owner = e->before - 1 < TRACE_TASKS ? (int)(e->before - 1) : -1;
    struct hold all[HOLDS_MOST];
    size_t n;

    if (e->op.kind != OP_UNLOCK || owner < 0 || (uint32_t)owner >= s->trace.result->n_tasks)
        return;
    n = story_holds(s, event, owner, all);
    for (size_t i = 0; i < n; i++) {
        if (all[i].place.address != e->op.place[0].address)
            continue;
        buf_printf(&s->sentence, " The one that holds it is %s, since ", cause_task(s, owner));
        story_where(s, cause_event(s, all[i].since)->op.pc, &s->sentence);
        buf_printf(&s->sentence, " (step %u).", story_number(s, all[i].since));
        story_mark(s, all[i].since);
    }
}

bool cause_misuse(struct story *s)
{
    const struct trace_finding *f = find(s, FINDING_MISUSE);
    const struct trace_access *a = f ? &f->access[0] : NULL;
    char *text;

    if (!f)
        return false;
    text = clean_name(f->text, TRACE_TEXT);
    cause_begin(s, "misuse", a->pc);
    buf_puts(&s->sentence, "Misuse");
    if (is_event(s, a->event)) {
        buf_puts(&s->sentence, " of ");
        cause_put_thing(s, a->event);
    }
    if (a->task >= 0) {
        buf_printf(&s->sentence, " by %s ", cause_task(s, a->task));
        if (is_event(s, a->event))
            cause_put_step(s, a->event);
        else
            cause_put_line(s, a->pc);
    }
    buf_printf(&s->sentence, ": %s.", text);
    if (is_event(s, a->event))
        put_owner(s, a->event);
    free(text);
    return true;
}

static void mark_exit(struct story *s)
{
    uint32_t n = s->trace.result->n_events;

    if (n && cause_event(s, n - 1)->op.kind == OP_EXIT)
        story_mark(s, n - 1);
}

/* A thread that was over in time, by luck; or a child. */
static bool say_might_be_left(struct story *s, const struct trace_finding *f)
{
    uint64_t task = f->address; /* who may be left */

    if (task >= s->trace.result->n_tasks)
        return false;
    cause_begin(s, "main-left", 0);
    mark_exit(s);
    if (s->trace.tasks[task].is_process) {
        buf_printf(&s->sentence,
            "%s ended while %s was still at work. It goes on, but nobody waits for it any more or "
            "learns how it ended: wait for every child, with wait() or waitpid().",
            cause_task(s, s->trace.result->task), cause_task(s, (int)task));
        return true;
    }
    buf_printf(&s->sentence,
        "Nothing makes the program wait for %s. This time it had come to its end before %s ended "
        "the program; another time it will not have, and then it is gone in the middle of what it "
        "does: join it first.",
        cause_task(s, (int)task), cause_task(s, s->trace.result->task));
    return true;
}

bool cause_main_left(struct story *s)
{
    const struct trace_result *r = s->trace.result;
    const struct trace_finding *f = find(s, FINDING_MAIN_LEFT);

    if (!f)
        return false;
    for (uint32_t i = 0; i < r->n_tasks; i++) {
        const struct trace_task *t = &s->trace.tasks[i];

        if ((int)i == r->task || t->is_process || t->state >= TRACE_TASK_ENDED)
            continue;
        cause_begin(s, "main-left", t->pending.pc);
        buf_printf(&s->sentence, "%s ended the program while %s was still at work",
            cause_task(s, r->task), cause_task(s, (int)i));
        if (t->pending.pc) {
            buf_puts(&s->sentence, " and was about to go on ");
            cause_put_line(s, t->pending.pc);
        }
        mark_exit(s);
        buf_puts(&s->sentence, ". When main returns, all threads are gone in the middle of what "
                               "they do: join them first.");
        return true;
    }
    return say_might_be_left(s, f);
}
