/* SPDX-License-Identifier: MIT */
#include "explain/story.h"

#include "base/clean.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Operations that carry the story on only when something hangs on them. */
static const bool is_quiet[OP_KINDS] = {
    [OP_CREATE] = true,
    [OP_JOIN] = true,
    [OP_END] = true,
    [OP_EXIT] = true,
    [OP_FORK] = true,
    [OP_REAP] = true,
};

/* What the kit's own runtime does. */
static const bool is_hidden[OP_KINDS] = {
    [OP_NONE] = true,
    [OP_FACT] = true,
    [OP_COUNT] = true,
};

void story_place(const struct story *s, uint64_t return_pc, struct row *row)
{
    struct place p;

    if (!names_where(s->names, return_pc, &p) ||
        !sources_has(names_sources(s->names), p.file, p.line))
        return;
    row->file = p.file;
    row->line = p.line;
    row->source = sources_line(names_sources(s->names), p.file, p.line);
}

static struct row *add_row(struct story *s)
{
    s->rows = xrealloc(s->rows, (s->n_rows + 1) * sizeof(*s->rows));
    s->rows[s->n_rows] = (struct row){.event = UINT32_MAX};
    return &s->rows[s->n_rows++];
}

static void add_step(struct story *s, uint32_t event)
{
    const struct trace_event *e = &s->trace.events[event];
    struct row *row;

    if (e->op.kind >= OP_KINDS || is_hidden[e->op.kind])
        return;
    row = add_row(s);
    row->event = event;
    row->task = e->task;
    row->marks = is_quiet[e->op.kind] ? ROW_QUIET : 0;
    story_place(s, e->op.pc, row);
    verb_done(s, event, row);
    s->n_steps = s->n_rows;
}

/* Ends after which the tasks that are left wait for something that never comes. */
static bool ended_waiting(enum trace_end end)
{
    return end == END_DEADLOCK || end == END_LIVELOCK || end == END_STUCK;
}

static bool main_left(const struct explain_trace *t)
{
    for (uint32_t i = 0; i < t->result->n_findings; i++)
        if (t->findings[i].kind == FINDING_MAIN_LEFT)
            return true;
    return false;
}

/* What main left unfinished. */
static void add_unfinished(struct story *s, int task)
{
    const struct trace_task *t = &s->trace.tasks[task];
    struct row *row;

    if (t->state != TRACE_TASK_PENDING)
        return;
    row = add_row(s);
    row->task = task;
    row->marks = ROW_WAITS | ROW_KEY;
    story_place(s, t->pending.pc, row);
    row->what = xstrdup("is still at work when the program ends");
    row->thing = xstrdup("");
}

static void add_waiting(struct story *s, int task)
{
    const struct trace_task *t = &s->trace.tasks[task];
    struct buf what = BUF_EMPTY;
    struct row *row;

    if (t->state != TRACE_TASK_PENDING || (t->enabled && !(t->pending.flags & OPF_SPINNING)))
        return;
    row = add_row(s);
    row->task = task;
    row->marks = ROW_WAITS | ROW_KEY;
    story_place(s, t->pending.pc, row);
    verb_waits(s, task, &what);
    row->what = buf_detach(&what);
    row->thing = xstrdup("");
}

/* "assertion `x` failed in main (file:line)": the runtime knows the place only as text. */
static void place_from_text(const struct story *s, const char *text, struct row *row)
{
    const char *open = strrchr(text, '('), *colon = open ? strrchr(open, ':') : NULL;
    const char *main_file = sources_main(names_sources(s->names));
    size_t length = colon ? (size_t)(colon - open - 1) : 0;

    if (!colon || !main_file || strlen(main_file) != length || strncmp(main_file, open + 1, length))
        return;
    row->file = main_file;
    row->line = (int)strtol(colon + 1, NULL, 10);
    row->source = sources_line(names_sources(s->names), main_file, row->line);
}

static const char *const end_texts[END_COUNT] = {
    [END_ASSERT] = "the assertion fails",
    [END_ABORT] = "calls abort()",
    [END_EXIT] = "exits, and says that it failed",
    [END_SIGNAL] = "is stopped by a signal",
    [END_CPU] = "runs on and on",
    [END_STEPS] = "goes on and on",
    [END_UNSUPPORTED] = "calls what explore does not know",
};

static void add_end(struct story *s)
{
    const struct trace_result *r = s->trace.result;
    struct row *row;
    int task = r->task >= 0 && (uint32_t)r->task < r->n_tasks ? r->task : 0;

    if (!end_texts[r->end])
        return;
    row = add_row(s);
    row->task = task;
    row->marks = ROW_END | ROW_KEY;
    row->what = r->end == END_SIGNAL ? clean_name(r->text, TRACE_TEXT) : xstrdup(end_texts[r->end]);
    row->thing = xstrdup("");
    if (r->end == END_ASSERT)
        place_from_text(s, r->text, row);
    if (!row->file)
        for (size_t i = s->n_steps; i-- > 0;) {
            if (s->rows[i].task != task)
                continue;
            row->file = s->rows[i].file;
            row->line = s->rows[i].line;
            row->source = s->rows[i].source;
            break;
        }
}

bool story_has_column(const struct story *s, int task)
{
    bool all = s->trace.result->end == END_DIVERGED; /* what led there, whatever it is */

    for (size_t i = 0; i < s->n_rows; i++)
        if (s->rows[i].task == task &&
            (all || !(s->rows[i].marks & ROW_QUIET) || s->rows[i].marks & ROW_KEY))
            return true;
    return false;
}

bool story_shows(const struct story *s, const struct row *row)
{
    if (!s->columns[row->task])
        return false;
    if (row->marks & ROW_KEY || row->event == UINT32_MAX)
        return true;
    if (s->trace.events[row->event].op.kind == OP_EXIT)
        return s->trace.result->end != END_OK;
    return s->trace.events[row->event].op.kind != OP_END || s->trace.result->end == END_DEADLOCK;
}

static void number_rows(struct story *s)
{
    for (uint32_t i = 0; i < s->trace.result->n_tasks; i++)
        s->columns[i] = story_has_column(s, (int)i);
    s->n_numbers = 0;
    for (size_t i = 0; i < s->n_steps; i++)
        s->rows[i].number = story_shows(s, &s->rows[i]) ? ++s->n_numbers : 0;
}

/* Twice: which rows are shown hangs on what the sentence speaks of, and the sentence speaks of them
 * by numbers. */
static void find_sentence(struct story *s)
{
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < s->n_steps; i++)
            s->rows[i].marks &= ~(unsigned)ROW_KEY;
        cause_find(s);
        number_rows(s);
    }
}

static bool is_complete(const struct explain_trace *t)
{
    return t->result && t->result->n_events <= TRACE_EVENTS && t->result->n_tasks <= TRACE_TASKS &&
           t->result->n_tasks > 0 && t->result->end < END_COUNT;
}

struct story *story_open(
    const struct explain_trace *t, const struct explain_source *source, struct buf *err)
{
    struct story *s;

    if (!is_complete(t)) {
        fail(err, "The recorded execution is not complete, so it cannot be shown.");
        return NULL;
    }
    s = xcalloc(1, sizeof(*s));
    s->trace = *t;
    s->names = names_open(&s->trace, source, err);
    if (!s->names) {
        story_close(s);
        return NULL;
    }
    for (uint32_t i = 0; i < t->result->n_events; i++)
        if (t->events[i].task < t->result->n_tasks)
            add_step(s, i);
    for (uint32_t i = 0; ended_waiting(t->result->end) && i < t->result->n_tasks; i++)
        add_waiting(s, (int)i);
    for (uint32_t i = 0; main_left(t) && i < t->result->n_tasks; i++)
        add_unfinished(s, (int)i);
    add_end(s);
    find_sentence(s);
    return s;
}

void story_close(struct story *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < s->n_rows; i++) {
        free(s->rows[i].what);
        free(s->rows[i].thing);
        free(s->rows[i].value);
        free(s->rows[i].old);
    }
    free(s->rows);
    free(s->promise);
    names_close(s->names);
    buf_release(&s->sentence);
    free(s);
}

void story_promise(struct story *s, const char *what_happened)
{
    free(s->promise);
    s->promise = clean_name(what_happened, 500);
    find_sentence(s);
}

const char *story_sentence(const struct story *s)
{
    return buf_text(&s->sentence);
}

bool story_last(const struct story *s, uint32_t *ret_event, size_t *ret_step)
{
    size_t at = s->n_steps;

    while (at && !(s->rows[at - 1].marks & ROW_KEY))
        at--;
    for (at = at ? at : s->n_steps; at && !s->rows[at - 1].source; at--)
        ;
    if (!at)
        return false;
    *ret_event = s->rows[at - 1].event;
    *ret_step = s->rows[at - 1].number;
    return true;
}

const char *story_kind(const struct story *s)
{
    return s->kind;
}

int story_line(const struct story *s)
{
    return s->line;
}

size_t story_steps(const struct story *s)
{
    return s->n_numbers;
}

size_t story_row_at(const struct story *s, size_t number)
{
    for (size_t i = 0; i < s->n_steps; i++)
        if (s->rows[i].number == number)
            return i;
    return s->n_rows;
}

struct row *story_row(const struct story *s, uint32_t event)
{
    size_t low = 0, high = s->n_steps;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (s->rows[middle].event == event)
            return &s->rows[middle];
        if (s->rows[middle].event < event)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

unsigned story_number(const struct story *s, uint32_t event)
{
    const struct row *row = story_row(s, event);

    return row ? row->number : 0;
}

void story_mark(struct story *s, uint32_t event)
{
    struct row *row = story_row(s, event);

    if (row)
        row->marks |= ROW_KEY;
}

void story_thing(
    const struct story *s, uint32_t event, const struct trace_op *op, struct thing *ret)
{
    names_place(s->names, event, &op->place[0], op->flags & OPF_MEMORY, ret);
}

const char *story_task(const struct story *s, int task)
{
    return names_task(s->names, task);
}

size_t story_holds(const struct story *s, uint32_t event, int task, struct hold *ret)
{
    uint32_t n = s->trace.result->n_events;

    return holds_before(s->trace.events, event < n ? event : n, task, ret);
}

int story_line_of(const struct story *s, uint64_t return_pc)
{
    struct place p;
    const char *main_file = sources_main(names_sources(s->names));

    if (!names_where(s->names, return_pc, &p) || (main_file && strcmp(main_file, p.file)))
        return 0;
    return p.line;
}

void story_where(const struct story *s, uint64_t return_pc, struct buf *out)
{
    struct place p;
    const char *main_file = sources_main(names_sources(s->names));

    if (!names_where(s->names, return_pc, &p))
        buf_puts(out, "an unknown line");
    else if (main_file && strcmp(main_file, p.file))
        buf_printf(out, "%s:%d", p.file, p.line);
    else
        buf_printf(out, "line %d", p.line);
}
