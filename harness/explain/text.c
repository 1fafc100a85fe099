/* SPDX-License-Identifier: MIT */
/*
 * The story for a terminal: step and place on the left, one column per thread.
 *
 *        step  place          thread 1                   thread 2
 *      >    1  counter.c:8    value++;
 *                               reads value: 0
 *      >    2  counter.c:8                               value++;
 *                                                          reads value: 0
 */
#include "explain/layout.h"

#include "report/show.h"

#include <stdlib.h>
#include <string.h>

enum {
    DEFAULT_WIDTH = 80,
    NARROWEST = 18, /* columns that a thread needs; with less it becomes a list */
    WIDE = 24,      /* from here on the place may be written in full */
    INDENT = 2,
    NUMBER = 7, /* "> 123  " */
    MOST_PLACE = 28,
};

enum style { STYLE_PLAIN, STYLE_HEAD, STYLE_DIM, STYLE_KEY, STYLES };

static const char *const escapes[STYLES] = {"\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[1;31m"};

struct sheet {
    const struct story *story;
    const struct explain_text_options *options;
    const struct layout *layout;
    struct buf *out;
    size_t width;
    size_t place;  /* columns of the place */
    size_t column; /* columns of a thread */
    bool short_place;
    bool list;
    size_t across;    /* 1: main, the first column, has none: its rows go across, a line each */
    size_t list_name; /* columns of a thread's name in a list */
    size_t last_row[TRACE_TASKS]; /* shown last, + 1: its source line is not repeated */
};

static void style(const struct sheet *x, enum style st)
{
    if (x->options->colour)
        buf_puts(x->out, escapes[st]);
}

static void put_place(const struct sheet *x, const struct row *row, struct buf *out)
{
    const char *main_file = sources_main(names_sources(x->story->names));

    if (!row->file)
        return;
    if (x->short_place && main_file && !strcmp(main_file, row->file))
        buf_printf(out, ":%d", row->line);
    else
        buf_printf(out, "%s:%d", row->file, row->line);
}

static size_t widest_place(const struct sheet *x)
{
    struct buf place = BUF_EMPTY;
    size_t widest = 4;

    for (size_t i = 0; i < x->layout->n_items; i++) {
        buf_clear(&place);
        put_place(x, &x->story->rows[x->layout->items[i].row], &place);
        if (place.length > widest)
            widest = place.length;
    }
    buf_release(&place);
    return widest < MOST_PLACE ? widest : MOST_PLACE;
}

/* Is there a width at which each column is wide enough to be read with ease? */
static bool measure_columns(struct sheet *x)
{
    size_t n = x->layout->n_columns - x->across;

    for (int pass = 0; pass < 2; pass++) {
        size_t left;

        x->short_place = pass > 0;
        x->place = widest_place(x);
        left = NUMBER + x->place + 2;
        x->column = x->width > left ? (x->width - left) / n : 0;
        if (x->column >= WIDE)
            return true;
    }
    return false;
}

/* What main does between threads that are at work is seldom what matters. */
static void measure(struct sheet *x)
{
    size_t n = x->layout->n_columns;

    x->width = x->options->width ? x->options->width : DEFAULT_WIDTH;
    if (!n || measure_columns(x))
        return;
    x->across = n > 2 && x->layout->columns[0] == 0;
    if (measure_columns(x) || x->column >= NARROWEST)
        return;
    x->across = 0;
    x->list = true;
    x->short_place = false;
    x->place = widest_place(x);
    for (size_t i = 0; i < n; i++) {
        size_t length = show_columns(story_task(x->story, x->layout->columns[i]));

        if (length > x->list_name)
            x->list_name = length;
    }
    x->column = x->width - NUMBER - x->list_name - 2;
}

static size_t left_of(const struct sheet *x, int column)
{
    if (x->list)
        return NUMBER + x->list_name + 2;
    if (column > 0)
        column -= (int)x->across;
    return NUMBER + x->place + 2 + (size_t)column * x->column;
}

static void pad(struct buf *out, size_t columns)
{
    buf_printf(out, "%*s", (int)columns, "");
}

/* A line of the table: trailing spaces go. */
static void end_line(struct sheet *x, struct buf *line, enum style st)
{
    while (line->length && line->data[line->length - 1] == ' ')
        line->data[--line->length] = '\0';
    if (st != STYLE_PLAIN)
        style(x, st);
    buf_puts(x->out, buf_text(line));
    if (st != STYLE_PLAIN)
        style(x, STYLE_PLAIN);
    buf_putc(x->out, '\n');
    buf_clear(line);
}

static void put_head(struct sheet *x)
{
    struct buf line = BUF_EMPTY, name = BUF_EMPTY;
    bool any = false;

    if (x->list)
        return;
    for (int second = 0; second < 2; second++) {
        buf_puts(&line, second ? "" : " step  ");
        show_padded(&line, second ? "" : "place", left_of(x, 0) - line.length - 1);
        buf_putc(&line, ' ');
        for (size_t i = x->across; i < x->layout->n_columns; i++) {
            int task = x->layout->columns[i];
            const char *start = names_function(x->story->names, x->story->trace.tasks[task].start);

            buf_clear(&name);
            if (!second)
                buf_puts(&name, story_task(x->story, task));
            else if (start)
                buf_printf(&name, "%s()", start);
            any = any || (second && start);
            show_padded(&line, buf_text(&name), x->column - 1);
            buf_putc(&line, ' ');
        }
        if (!second || any)
            end_line(x, &line, STYLE_HEAD);
    }
    buf_release(&line);
    buf_release(&name);
}

/* The lines of a cell: the source, unless it stands right above, and what was done. */
static void cell_text(struct sheet *x, const struct row *row, struct buf *out)
{
    size_t last = x->last_row[row->task], room = x->column - 1;
    const struct row *above = last ? &x->story->rows[last - 1] : NULL;
    struct buf source = BUF_EMPTY;
    size_t length;

    if (row->source && *row->source &&
        (x->list || !above || above->line != row->line || above->file != row->file)) {
        if (x->list) {
            put_place(x, row, &source);
            buf_puts(&source, "  ");
        }
        buf_puts(&source, row->source);
        length = show_columns(buf_text(&source));
        show_padded(out, buf_text(&source), length < room ? length : room);
        buf_putc(out, '\n');
    } else if (x->list && row->file) {
        put_place(x, row, out);
        buf_putc(out, '\n');
    }
    pad(out, INDENT);
    show_wrapped(out, row->what, INDENT, room - INDENT);
    buf_release(&source);
}

/* "main: creates thread 1" */
static void across_text(struct sheet *x, const struct row *row, struct buf *out)
{
    struct buf text = BUF_EMPTY;

    buf_printf(&text, "%s: %s", story_task(x->story, row->task), row->what);
    show_wrapped(out, buf_text(&text), INDENT, x->width - left_of(x, 0) - INDENT);
    buf_release(&text);
}

static void put_row(struct sheet *x, size_t index)
{
    const struct row *row = &x->story->rows[index];
    struct buf cell = BUF_EMPTY, line = BUF_EMPTY, place = BUF_EMPTY;
    int column = layout_column(x->layout, row->task);
    char *rest, *text;
    bool key = row->marks & ROW_KEY, first = true;

    if (x->across && row->task == 0)
        across_text(x, row, &cell);
    else
        cell_text(x, row, &cell);
    put_place(x, row, &place);
    rest = cell.data;
    while ((text = strsep(&rest, "\n"))) {
        if (first && row->event == UINT32_MAX)
            buf_printf(&line, "> %3s  ", row->marks & ROW_WAITS ? "..." : "end");
        else if (first)
            buf_printf(&line, "%c %3u  ", key ? '>' : ' ', row->number);
        else
            pad(&line, NUMBER);
        if (x->list)
            show_padded(&line, first ? story_task(x->story, row->task) : "", x->list_name);
        else
            show_padded(&line, first ? buf_text(&place) : "", x->place);
        pad(&line, left_of(x, column) - NUMBER - (x->list ? x->list_name : x->place));
        buf_puts(&line, text);
        end_line(x, &line, key ? STYLE_KEY : STYLE_PLAIN);
        first = false;
    }
    x->last_row[row->task] = index + 1;
    buf_release(&cell);
    buf_release(&line);
    buf_release(&place);
}

static void put_fold(struct sheet *x, const struct item *item)
{
    struct buf line = BUF_EMPTY;
    size_t first = item->row, tasks = 0;

    for (size_t i = first; i < first + item->span && i < x->story->n_rows; i++)
        tasks += x->story->rows[i].task != x->story->rows[first].task;
    pad(&line, tasks ? NUMBER : left_of(x, layout_column(x->layout, x->story->rows[first].task)));
    buf_printf(&line, "... %zu more steps", item->folded);
    end_line(x, &line, STYLE_DIM);
    memset(x->last_row, 0, sizeof(x->last_row));
    buf_release(&line);
}

static void put_items(struct sheet *x, size_t upto)
{
    for (size_t i = 0; i < x->layout->n_items; i++) {
        const struct item *item = &x->layout->items[i];

        if (item->row >= upto)
            break;
        if (item->folded)
            put_fold(x, item);
        else
            put_row(x, item->row);
    }
}

static void put_paragraph(struct sheet *x, const char *text)
{
    show_wrapped(x->out, text, 0, x->width);
    buf_putc(x->out, '\n');
}

void explain_text(
    const struct story *s, const struct explain_text_options *options, struct buf *out)
{
    struct layout layout = LAYOUT_EMPTY;
    struct sheet *x = xcalloc(1, sizeof(*x));

    layout_make(&layout, s, options->most_rows ? options->most_rows : s->n_rows + 1);
    *x = (struct sheet){.story = s, .options = options, .layout = &layout, .out = out};
    measure(x);
    if (layout.n_items) {
        put_head(x);
        put_items(x, s->n_rows);
        buf_putc(out, '\n');
    }
    style(x, STYLE_HEAD);
    put_paragraph(x, story_sentence(s));
    style(x, STYLE_PLAIN);
    if (layout.main_hidden) {
        style(x, STYLE_DIM);
        put_paragraph(x, "(main only starts the others and waits for them: it has no column.)");
        style(x, STYLE_PLAIN);
    }
    if (options->replay)
        buf_printf(out, "\nsee it again: %s\n", options->replay);
    layout_release(&layout);
    free(x);
}

/* Is it there after a number of steps? */
static bool is_born(const struct story *s, int task, size_t upto)
{
    for (size_t i = upto; i < s->n_steps; i++) {
        const struct trace_op *op = &s->trace.events[s->rows[i].event].op;

        if ((op->kind == OP_CREATE || op->kind == OP_FORK) && op->other == task)
            return false;
    }
    return true;
}

/* Where a task stands after a number of steps: at its next one. */
static void put_standing(struct sheet *x, int task, size_t upto)
{
    const struct story *s = x->story;
    struct buf line = BUF_EMPTY, place = BUF_EMPTY;
    size_t next = upto;

    while (next < s->n_rows && s->rows[next].task != task)
        next++;
    show_padded(&line, story_task(s, task), 12);
    if (!is_born(s, task, upto)) {
        buf_puts(&line, "is not there yet");
    } else if (next == s->n_rows) {
        buf_puts(&line, "has nothing more to do");
    } else {
        const struct row *row = &s->rows[next];

        put_place(x, row, &place);
        buf_printf(&line, "is at %s  %s", buf_text(&place), row->source ? row->source : "");
    }
    show_padded(x->out, buf_text(&line),
        show_columns(buf_text(&line)) < x->width ? show_columns(buf_text(&line)) : x->width);
    buf_putc(x->out, '\n');
    buf_release(&line);
    buf_release(&place);
}

void explain_step(
    const struct story *s, const struct explain_text_options *options, size_t upto, struct buf *out)
{
    struct layout layout = LAYOUT_EMPTY;
    struct sheet *x = xcalloc(1, sizeof(*x));
    bool over = upto >= s->n_numbers;
    size_t row = upto ? story_row_at(s, upto) : (size_t)-1;

    layout_make(&layout, s, 0);
    *x = (struct sheet){.story = s, .options = options, .layout = &layout, .out = out};
    measure(x);
    put_head(x);
    put_items(x, over ? s->n_rows : row + 1);
    buf_putc(out, '\n');
    if (over)
        put_paragraph(x, story_sentence(s));
    for (size_t i = 0; !over && i < layout.n_columns; i++)
        put_standing(x, layout.columns[i], row + 1);
    layout_release(&layout);
    free(x);
}
