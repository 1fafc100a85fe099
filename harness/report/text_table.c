/* SPDX-License-Identifier: MIT */
/*
 * The table that the text report starts with: exercise, score, verdicts, what to do next.
 */
#include "report/text.h"

#include "report/show.h"

#include <string.h>

bool text_all(const struct view_exercise *e, enum verdict v)
{
    return e->n_checks > 0 && e->count[v] == e->n_checks;
}

bool text_untouched(const struct view_exercise *e)
{
    return e->n_checks > 0 && e->count[VERDICT_NOT_IMPLEMENTED] > 0 &&
           e->count[VERDICT_NOT_IMPLEMENTED] + e->count[VERDICT_NOT_RUN] == e->n_checks;
}

size_t text_failures(const struct view_exercise *e)
{
    size_t n = 0;

    for (unsigned v = 0; v < VERDICT_COUNT; v++)
        n += text_has_story(v) ? e->count[v] : 0;
    return n;
}

void text_verdicts(const size_t *count, struct buf *out)
{
    const char *comma = "";

    for (unsigned i = 0; i < VERDICT_COUNT; i++) {
        enum verdict v = (enum verdict)((i + VERDICT_PASS) % VERDICT_COUNT);

        if (!count[v])
            continue;
        buf_printf(out, "%s%zu %s", comma, count[v], verdict_name(v));
        comma = ", ";
    }
}

static const char *next_step(const struct view_exercise *e, bool *met_open, bool guide)
{
    bool first = !*met_open;

    if (e->count[VERDICT_HARNESS_ERROR] || !e->n_checks)
        return "ungraded";
    if (text_all(e, VERDICT_PASS))
        return "done";
    *met_open = true;
    if (text_untouched(e))
        return !guide ? "not started" : first ? "begin here" : "to do";
    return first ? "read below" : "to mend";
}

/* What a table's row has beside its text, and the width of its columns. */
enum { COLUMN_SCORE = 10, COLUMN_NEXT = 11 };

static size_t name_width(const struct view_result *r)
{
    size_t widest = strlen("exercise");

    for (size_t i = 0; i < r->n_exercises; i++) {
        size_t columns = show_columns(view_exercise_at(r, i).id);

        widest = columns > widest ? columns : widest;
    }
    return widest < 24 ? widest : 24;
}

static void score(struct buf *out, double points, double most)
{
    struct buf text = BUF_EMPTY;

    show_number(&text, points);
    buf_puts(&text, " / ");
    show_number(&text, most);
    buf_printf(out, "%*s", COLUMN_SCORE, buf_text(&text));
    buf_release(&text);
}

static void row(const struct view_exercise *e, size_t width, const char *next,
    const struct report_context *ctx, struct buf *out)
{
    struct buf verdicts = BUF_EMPTY;
    size_t room = (size_t)ctx->width - width - COLUMN_SCORE - COLUMN_NEXT - 8;
    bool done = text_all(e, VERDICT_PASS);

    buf_puts(out, "  ");
    show_padded(out, e->id, width);
    score(out, e->score, e->max_score);
    buf_puts(out, "   ");
    text_verdicts(e->count, &verdicts);
    text_style(ctx, done ? STYLE_GOOD : text_failures(e) ? STYLE_BAD : STYLE_DIM, out);
    show_padded(out, buf_text(&verdicts), room);
    text_style(ctx, STYLE_PLAIN, out);
    buf_printf(out, "   %s\n", next);
    buf_release(&verdicts);
}

static void total(
    const struct view_result *r, size_t width, const struct report_context *ctx, struct buf *out)
{
    buf_puts(out, "  ");
    text_style(ctx, STYLE_BOLD, out);
    show_padded(out, "total", width);
    score(out, r->score, r->max_score);
    text_style(ctx, STYLE_PLAIN, out);
    buf_printf(out, "   %zu of ", r->count[VERDICT_PASS]);
    text_count(out, r->n_checks, "check");
    buf_puts(out, r->count[VERDICT_PASS] == 1 ? " passes" : " pass");
    buf_puts(out, r->complete ? "\n" : "; the total is incomplete\n");
}

void report_table(const json_t *result, const struct report_context *ctx, struct buf *out)
{
    struct view_result r = view_result(result);
    size_t width = name_width(&r);
    size_t room = (size_t)ctx->width - width - COLUMN_SCORE - COLUMN_NEXT - 8;
    bool met_open = false;

    text_style(ctx, STYLE_DIM, out);
    buf_puts(out, "  ");
    show_padded(out, "exercise", width);
    buf_printf(out, "%*s   %-*s   next\n", COLUMN_SCORE, "score", (int)room, "verdicts");
    text_style(ctx, STYLE_PLAIN, out);
    for (size_t i = 0; i < r.n_exercises; i++) {
        struct view_exercise e = view_exercise_at(&r, i);

        row(&e, width, next_step(&e, &met_open, ctx->guide), ctx, out);
    }
    if (r.n_exercises != 1 || !r.complete)
        total(&r, width, ctx, out);
}
