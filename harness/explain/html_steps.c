/* SPDX-License-Identifier: MIT */
/*
 * The steps as a list, time going down: each item a step, in the lane of its thread. What
 * explain_text() would fold is a <details> here, and what does not fit into a page is only counted.
 */
#include "explain/html.h"

#include "report/page.h"
#include "report/show.h"

#include <stdlib.h>
#include <string.h>

enum {
    ROWS_MOST = 3000, /* with a row of their own; a browser stays quick with so many */
    TELLING = 600,    /* around the telling steps: more than this folds what is far */
    LANE_COLOURS = 4,
};

void html_begin(struct html *h, const struct story *s)
{
    *h = (struct html){.story = s, .rows = LAYOUT_EMPTY, .folds = LAYOUT_EMPTY};
    layout_make(&h->folds, s, TELLING);
    layout_make(&h->rows, s, 0);
    layout_limit(&h->rows, &h->folds, ROWS_MOST);
    h->stops = xcalloc(h->rows.n_items + 1, sizeof(*h->stops));
    for (size_t i = 0; i < h->rows.n_items; i++)
        if (h->rows.items[i].row < s->n_steps)
            h->stops[h->n_stops++] = h->rows.items[i].row;
}

void html_release(struct html *h)
{
    layout_release(&h->rows);
    layout_release(&h->folds);
    free(h->stops);
}

void html_place(const struct story *s, const struct row *row, struct buf *out)
{
    const char *main_file = sources_main(names_sources(s->names));

    if (!row->file)
        return;
    if (!main_file || strcmp(main_file, row->file))
        buf_printf(out, "%s:", row->file);
    buf_printf(out, "%d", row->line);
}

static void put_heads(const struct html *h, struct buf *out)
{
    const struct story *s = h->story;

    buf_puts(out, "<div class=\"heads\" aria-hidden=\"true\"><span class=\"n\">step</span>"
                  "<span class=\"place\">line</span><div class=\"lanes\">");
    for (size_t i = 0; i < h->rows.n_columns; i++) {
        int task = h->rows.columns[i];
        const char *start = names_function(s->names, s->trace.tasks[task].start);

        buf_printf(out, "<div class=\"cell c%zu lane%zu\"><b>", i, i % LANE_COLOURS);
        page_line(out, story_task(s, task));
        buf_puts(out, "</b>");
        if (start) {
            buf_puts(out, " <code>");
            page_line(out, start);
            buf_puts(out, "()</code>");
        }
        buf_puts(out, "</div>");
    }
    buf_puts(out, "</div></div>\n");
}

/* What the list remembers from the row above. */
struct above {
    size_t last[TRACE_TASKS]; /* each thread's row shown last, + 1 */
    int task;                 /* of the last row; -1: none */
    bool ended;               /* the rows that are no steps have begun */
};

static bool repeats_line(const struct story *s, const struct above *above, const struct row *row)
{
    const struct row *last = above->last[row->task] ? &s->rows[above->last[row->task] - 1] : NULL;

    return last && last->file && row->file && last->line == row->line &&
           !strcmp(last->file, row->file);
}

static void put_cell(const struct html *h, const struct row *row, bool repeats, struct buf *out)
{
    int column = layout_column(&h->rows, row->task);

    buf_printf(
        out, "<div class=\"cell c%d lane%d\"><b class=\"who\">", column, column % LANE_COLOURS);
    page_line(out, story_task(h->story, row->task));
    buf_puts(out, "</b> ");
    if (row->source && *row->source) {
        buf_printf(out, "<code class=\"code%s\">", repeats ? " same" : "");
        page_line(out, row->source);
        buf_puts(out, "</code> ");
    }
    buf_puts(out, "<span class=\"did\">");
    page_line(out, row->what);
    buf_puts(out, "</span></div>");
}

static void put_number(const struct html *h, size_t index, struct buf *out)
{
    const struct row *row = &h->story->rows[index];

    if (index < h->story->n_steps) {
        buf_printf(out,
            "<a class=\"n\" href=\"#step=%u\"><span class=\"hidden\">Step </span>%u</a>",
            row->number, row->number);
    } else {
        buf_printf(
            out, "<a class=\"n\" href=\"#end\">%s</a>", row->marks & ROW_END ? "end" : "&#8230;");
    }
}

static void put_row(const struct html *h, size_t index, struct above *above, struct buf *out)
{
    const struct row *row = &h->story->rows[index];
    bool is_step = index < h->story->n_steps;

    if (is_step)
        buf_printf(out, "<li id=\"step=%u\" class=\"step", row->number);
    else
        buf_printf(out, "<li%s class=\"step last", above->ended ? "" : " id=\"end\"");
    if (row->marks & ROW_KEY)
        buf_puts(out, " key");
    if (above->task != row->task)
        buf_puts(out, " switch");
    buf_puts(out, "\">");
    put_number(h, index, out);
    buf_puts(out, "<span class=\"place\">");
    if (row->file) {
        struct buf place = BUF_EMPTY;

        buf_puts(out, "<span class=\"hidden\">line </span>");
        html_place(h->story, row, &place);
        page_line(out, buf_text(&place));
        buf_release(&place);
    }
    buf_puts(out, "</span><div class=\"lanes\">");
    put_cell(h, row, repeats_line(h->story, above, row), out);
    buf_puts(out, "</div></li>\n");
    above->last[row->task] = index + 1;
    above->task = row->task;
    above->ended = !is_step;
}

/* One or several threads in a fold? */
static void put_fold_title(
    const struct html *h, const struct item *items, size_t n, size_t steps, struct buf *out)
{
    const struct story *s = h->story;
    int task = n ? s->rows[items[0].row].task : -1;

    for (size_t i = 1; i < n; i++)
        if (s->rows[items[i].row].task != task)
            task = -1;
    buf_printf(out, "%zu more steps", steps);
    if (task >= 0) {
        buf_puts(out, " of ");
        page_line(out, story_task(s, task));
    }
}

static void put_fold(const struct html *h, const struct item *items, size_t n, size_t steps,
    struct above *above, struct buf *out)
{
    *above = (struct above){.task = -1};
    if (!n) {
        buf_puts(out, "<li class=\"fold gone\">");
        put_fold_title(h, items, 0, steps, out);
        buf_puts(out, ", left out of this page</li>\n");
        return;
    }
    buf_puts(out, "<li class=\"fold\"><details><summary>");
    put_fold_title(h, items, n, steps, out);
    buf_puts(out, "</summary><ol>\n");
    for (size_t i = 0; i < n; i++)
        put_row(h, items[i].row, above, out);
    buf_puts(out, "</ol></details></li>\n");
    *above = (struct above){.task = -1};
}

void html_steps(const struct html *h, struct buf *out)
{
    struct above above = {.task = -1};
    size_t at = 0;

    put_heads(h, out);
    buf_puts(out, "<ol class=\"list\">\n");
    for (size_t i = 0; i < h->folds.n_items; i++) {
        const struct item *item = &h->folds.items[i];
        size_t begin = at;

        if (!item->folded) {
            put_row(h, item->row, &above, out);
            at++;
            continue;
        }
        while (at < h->rows.n_items && h->rows.items[at].row < item->row + item->span)
            at++;
        put_fold(h, &h->rows.items[begin], at - begin, item->folded, &above, out);
    }
    buf_puts(out, "</ol>\n");
}
