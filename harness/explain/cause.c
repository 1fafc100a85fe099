/* SPDX-License-Identifier: MIT */
#include "explain/cause.h"

#include "base/clean.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The most telling first. */
static cause_detector *const detectors[] = {
    cause_circle,
    cause_left_locked,
    cause_lost_wakeup,
    cause_open_end,
    cause_waits_for_ever,
    cause_spins,
    cause_freed,
    cause_misuse,
    cause_not_looked_again,
    cause_lost_update,
    cause_torn_view,
    cause_changed_between,
    cause_killed,
    cause_main_left,
    cause_race,
};

/* When no pattern fits: how it ended, and that is all we know. */
static const struct {
    const char *kind;
    const char *text; /* NULL: the runtime's own */
} plain[END_COUNT] = {
    [END_NONE] = {"signal", "The program was killed, or it destroyed its own memory"},
    [END_OK] = {"none", "Nothing went wrong in this interleaving"},
    [END_EXIT] = {"exit", NULL},
    [END_ASSERT] = {"assert", NULL},
    [END_ABORT] = {"abort", NULL},
    [END_SIGNAL] = {"signal", NULL},
    [END_DEADLOCK] = {"deadlock", NULL},
    [END_LIVELOCK] = {"livelock", NULL},
    [END_STEPS] = {"timeout", NULL},
    [END_CPU] = {"timeout",
        "The program ran on and on without doing anything that others could see"},
    [END_STUCK] = {"timeout",
        "The program waits in the system for something that explore does not control"},
    [END_STOPPED] = {"todo", "The program came to a part that is still to be written"},
    [END_UNSUPPORTED] = {"unsupported", NULL},
    [END_PRUNED] = {"none", "This interleaving is the same as another one"},
    [END_DIVERGED] = {"diverged", NULL},
    [END_MACHINE] = {"machine", "This machine refused the program a process or a thread"},
};
_Static_assert(END_COUNT == END_MACHINE + 1, "every way to end has its words");

void cause_begin(struct story *s, const char *kind, uint64_t pc)
{
    s->kind = kind;
    s->line = story_line_of(s, pc);
    s->named = (struct task_set){{0}};
    buf_clear(&s->sentence);
}

/* Do the threads run different functions? Then these say more than numbers. */
static bool functions_differ(const struct story *s)
{
    uint64_t first = 0;

    for (uint32_t i = 0; i < s->trace.result->n_tasks; i++) {
        uint64_t start = s->trace.tasks[i].start;

        if (start && first && start != first)
            return true;
        if (start)
            first = start;
    }
    return false;
}

const char *cause_task(struct story *s, int task)
{
    char *text = s->called[s->calls++ % 4];
    bool known = task >= 0 && (uint32_t)task < s->trace.result->n_tasks;
    const char *function = known ? names_function(s->names, s->trace.tasks[task].start) : NULL;

    snprintf(text, sizeof(s->called[0]), "%s", story_task(s, task));
    if (function && !task_set_has(&s->named, (unsigned)task) && functions_differ(s))
        snprintf(text, sizeof(s->called[0]), "%s (`%.30s`)", story_task(s, task), function);
    if (known)
        task_set_add(&s->named, (unsigned)task);
    return text;
}

/* "assertion `x == 2` failed in …": the expression. */
static char *failed_expression(const struct story *s)
{
    const char *text = s->trace.result->text, *begin = strchr(text, '`'), *end;
    char *raw, *clean;

    if (s->trace.result->end != END_ASSERT || !begin || !(end = strstr(begin + 1, "` failed")))
        return NULL;
    raw = xasprintf("%.*s", (int)(end - begin - 1), begin + 1);
    clean = clean_name(raw, 120);
    free(raw);
    return clean;
}

static void put_end_line(struct story *s)
{
    for (size_t i = s->n_steps; i < s->n_rows; i++)
        if (s->rows[i].marks & ROW_END && s->rows[i].line)
            buf_printf(&s->sentence, " (line %d)", s->rows[i].line);
}

void cause_put_end(struct story *s)
{
    char *expression = failed_expression(s);

    if (!expression)
        return;
    buf_printf(&s->sentence, " So `%s` does not hold", expression);
    put_end_line(s);
    buf_putc(&s->sentence, '.');
    free(expression);
}

static void put_where_it_ended(struct story *s)
{
    int task = s->trace.result->task;

    for (size_t i = s->n_steps; i-- > 0 && task >= 0;) {
        if (s->rows[i].task != task || !s->rows[i].line || !s->rows[i].number)
            continue;
        buf_printf(&s->sentence, ", in %s, after step %u", cause_task(s, task), s->rows[i].number);
        s->line = story_line_of(s, cause_event(s, s->rows[i].event)->op.pc);
        return;
    }
}

static bool say_assertion(struct story *s)
{
    char *expression = failed_expression(s);

    if (!expression)
        return false;
    buf_printf(&s->sentence, "`%s` does not hold", expression);
    put_end_line(s);
    put_where_it_ended(s);
    buf_putc(&s->sentence, '.');
    free(expression);
    return true;
}

/* The schedule was made for another program. */
static void put_parting(struct story *s, const char *text)
{
    buf_puts(&s->sentence, "Here");
    if (s->n_steps) {
        const struct row *last = &s->rows[s->n_steps - 1];

        buf_printf(&s->sentence, ", after step %u (", last->number);
        story_where(s, cause_event(s, last->event)->op.pc, &s->sentence);
        buf_puts(&s->sentence, "),");
    }
    buf_printf(&s->sentence, " the schedule and the program part: %s", text);
}

static void say_plainly(struct story *s)
{
    const struct trace_result *r = s->trace.result;
    char *text;

    cause_begin(s, plain[r->end].kind, 0);
    if (say_assertion(s))
        return;
    text = clean_name(r->text, TRACE_TEXT);
    if (r->end == END_OK && s->promise) {
        s->kind = "wrong";
        buf_puts(
            &s->sentence, "The order in which the threads took their turns led to this result");
    } else if (r->end == END_DIVERGED) {
        put_parting(s, text);
    } else if (plain[r->end].text || !*text) {
        buf_puts(&s->sentence, plain[r->end].text ? plain[r->end].text : "The program ended badly");
    } else {
        buf_puts(&s->sentence, text);
        if (s->sentence.data[0] >= 'a' && s->sentence.data[0] <= 'z')
            s->sentence.data[0] = (char)(s->sentence.data[0] - 'a' + 'A');
        put_where_it_ended(s);
    }
    buf_putc(&s->sentence, '.');
    free(text);
}

/* "thread 2 …" at the beginning of a sentence is "Thread 2 …". */
static void capitalise(struct buf *text)
{
    static const char *const words[] = {"thread ", "process "};

    for (size_t i = 0; i < text->length; i++) {
        char *at = text->data + i;

        if (i && (i < 2 || at[-1] != ' ' || (at[-2] != '.' && at[-2] != '?')))
            continue;
        for (size_t k = 0; k < sizeof(words) / sizeof(words[0]); k++)
            if (!strncmp(at, words[k], strlen(words[k])))
                at[0] = (char)(at[0] - 'a' + 'A');
    }
}

void cause_find(struct story *s)
{
    bool found = false;

    for (size_t i = 0; i < sizeof(detectors) / sizeof(detectors[0]) && !found; i++)
        found = detectors[i](s);
    if (!found)
        say_plainly(s);
    capitalise(&s->sentence);
}

const struct trace_event *cause_event(const struct story *s, uint32_t event)
{
    return &s->trace.events[event];
}

bool cause_reads(const struct trace_event *e)
{
    return e->op.kind == OP_READ || e->op.kind == OP_ATOMIC_LOAD;
}

bool cause_writes(const struct trace_event *e)
{
    return e->op.kind == OP_WRITE || e->op.kind == OP_ATOMIC_STORE ||
           e->op.kind == OP_ATOMIC_UPDATE ||
           (e->op.kind == OP_ATOMIC_COMPARE && !(e->flags & EVENT_FAILED));
}

bool cause_same_bytes(const struct trace_event *a, const struct trace_event *b)
{
    const struct trace_place *p = &a->op.place[0], *q = &b->op.place[0];

    return a->op.flags & b->op.flags & OPF_MEMORY && p->space == q->space &&
           p->address < q->address + q->size && q->address < p->address + p->size;
}

long cause_own_before(const struct story *s, uint32_t event)
{
    const struct trace_event *e = cause_event(s, event);

    for (uint32_t i = event; i-- > 0;)
        if (s->trace.events[i].task == e->task && cause_same_bytes(&s->trace.events[i], e))
            return i;
    return NO_EVENT;
}

bool cause_waits_at_end(const struct story *s, int task)
{
    const struct trace_task *t;

    if (task < 0 || (uint32_t)task >= s->trace.result->n_tasks)
        return false;
    t = &s->trace.tasks[task];
    return t->state == TRACE_TASK_PENDING && !t->enabled;
}

bool cause_same_place(const struct trace_place *a, const struct trace_place *b)
{
    return a->address == b->address && a->space == b->space;
}

void cause_put_pending(struct story *s, int task)
{
    struct thing x;

    story_thing(s, s->trace.result->n_events, &s->trace.tasks[task].pending, &x);
    buf_printf(&s->sentence, "`%s`", x.name);
}

bool cause_is_wrong(const struct story *s)
{
    enum trace_end end = s->trace.result->end;

    return end == END_ASSERT || end == END_ABORT || end == END_EXIT || end == END_SIGNAL ||
           (s->promise && end == END_OK);
}

void cause_put_step(struct story *s, uint32_t event)
{
    unsigned number = story_number(s, event);

    buf_putc(&s->sentence, '(');
    story_where(s, cause_event(s, event)->op.pc, &s->sentence);
    if (number)
        buf_printf(&s->sentence, ", step %u", number);
    buf_putc(&s->sentence, ')');
    story_mark(s, event);
}

void cause_put_line(struct story *s, uint64_t pc)
{
    buf_putc(&s->sentence, '(');
    story_where(s, pc, &s->sentence);
    buf_putc(&s->sentence, ')');
}

void cause_put_thing(struct story *s, uint32_t event)
{
    struct thing x;

    story_thing(s, event, &cause_event(s, event)->op, &x);
    buf_printf(&s->sentence, "`%s`", x.name);
}

void cause_put_value(struct story *s, uint32_t event, uint64_t raw)
{
    const struct trace_op *op = &cause_event(s, event)->op;
    struct thing x;

    story_thing(s, event, op, &x);
    names_value(s->names, event, &x, raw, op->place[0].size, &s->sentence);
}

static void put_lock(struct story *s, const struct hold *h)
{
    struct thing x;

    names_place(s->names, h->since, &h->place, false, &x);
    buf_printf(&s->sentence, "`%s`", x.name);
}

static const struct hold *find_hold(const struct hold *all, size_t n, const struct hold *one)
{
    for (size_t i = 0; i < n; i++)
        if (all[i].place.address == one->place.address && all[i].place.space == one->place.space)
            return &all[i];
    return NULL;
}

/* Says what one task held while the other had nothing. */
static void put_one_sided(struct story *s, int holder, const struct hold *h, int other)
{
    buf_printf(&s->sentence, " %s held ", cause_task(s, holder));
    put_lock(s, h);
    buf_printf(&s->sentence, ", %s held no lock.", cause_task(s, other));
}

void cause_put_locks(struct story *s, uint32_t a_from, uint32_t a_to, uint32_t b)
{
    struct hold mine[HOLDS_MOST], theirs[HOLDS_MOST];
    int me = cause_event(s, a_to)->task, they = cause_event(s, b)->task;
    size_t n = story_holds(s, a_to, me, mine), m = story_holds(s, b, they, theirs);
    const struct hold *common = NULL;

    for (size_t i = 0; i < n && !common; i++)
        if (find_hold(theirs, m, &mine[i]))
            common = &mine[i];
    if (!n && !m) {
        buf_puts(&s->sentence, " Neither held a lock.");
    } else if (common && common->since > a_from) {
        buf_puts(&s->sentence, " Both held ");
        put_lock(s, common);
        buf_printf(&s->sentence,
            " when they wrote, but %s did not hold it all the way from its "
            "look to its write: that has to be one step for all others.",
            cause_task(s, me));
    } else if (n && m && !common) {
        buf_printf(&s->sentence, " Each held a lock, but not the same one: %s ", cause_task(s, me));
        put_lock(s, &mine[0]);
        buf_printf(&s->sentence, ", %s ", cause_task(s, they));
        put_lock(s, &theirs[0]);
        buf_putc(&s->sentence, '.');
    } else if (!n) {
        put_one_sided(s, they, &theirs[0], me);
    } else if (!m) {
        put_one_sided(s, me, &mine[0], they);
    }
}
