/* SPDX-License-Identifier: MIT */
/*
 * The report for a terminal: a table, then the stories of what failed, then one line that says what
 * to do next, because the last line is what a person sees.
 */
#include "report/text.h"

#include "report/show.h"

#include <string.h>

enum { VERDICT_COLUMNS = 16 }; /* of a live line: "NOT_IMPLEMENTED " */

static const char *const style_codes[] = {[STYLE_PLAIN] = "\033[0m",
    [STYLE_BOLD] = "\033[1m",
    [STYLE_DIM] = "\033[2m",
    [STYLE_GOOD] = "\033[32m",
    [STYLE_BAD] = "\033[31m",
    [STYLE_OURS] = "\033[35m"};

void text_style(const struct report_context *ctx, enum text_style style, struct buf *out)
{
    if (ctx->colour)
        buf_puts(out, style_codes[style]);
}

enum text_style text_verdict_style(enum verdict v)
{
    return v == VERDICT_PASS              ? STYLE_GOOD
           : v == VERDICT_HARNESS_ERROR   ? STYLE_OURS
           : v == VERDICT_NOT_RUN         ? STYLE_DIM
           : v == VERDICT_NOT_IMPLEMENTED ? STYLE_DIM
                                          : STYLE_BAD;
}

bool text_has_story(enum verdict v)
{
    return v != VERDICT_PASS && v != VERDICT_NOT_RUN && v != VERDICT_NOT_IMPLEMENTED &&
           v != VERDICT_HARNESS_ERROR;
}

void text_count(struct buf *out, size_t n, const char *noun)
{
    buf_printf(out, "%zu %s%s", n, noun, n == 1 ? "" : "s");
}

static void rule(const struct report_context *ctx, struct buf *out)
{
    text_style(ctx, STYLE_DIM, out);
    for (int i = 0; i < ctx->width; i++)
        buf_putc(out, '-');
    text_style(ctx, STYLE_PLAIN, out);
    buf_putc(out, '\n');
}

static void exercise_heading(
    const struct view_exercise *e, const struct report_context *ctx, struct buf *out)
{
    struct buf line = BUF_EMPTY;

    buf_putc(out, '\n');
    rule(ctx, out);
    show_line(&line, e->id);
    if (*e->title) {
        buf_puts(&line, ": ");
        show_line(&line, e->title);
    }
    text_style(ctx, STYLE_BOLD, out);
    show_wrapped(out, buf_text(&line), 2, (size_t)ctx->width);
    text_style(ctx, STYLE_PLAIN, out);
    buf_putc(out, '\n');
    buf_release(&line);
}

/* True when an earlier check of the exercise tells the same story under another tool. */
static bool told_before(const struct view_exercise *e, size_t i)
{
    struct view_check c = view_check_at(e, i);
    const char *file = "", *other_file = "";
    long line = view_place(&c, &file);

    for (size_t k = 0; k < i; k++) {
        struct view_check other = view_check_at(e, k);

        if (other.verdict == c.verdict && !strcmp(other.message, c.message) &&
            view_place(&other, &other_file) == line && !strcmp(file, other_file))
            return true;
    }
    return false;
}

/* The checks without a story, in one sentence per verdict. */
static void quiet_checks(const struct view_exercise *e, enum verdict v, const char *words,
    const struct report_context *ctx, struct buf *out)
{
    struct buf list = BUF_EMPTY;

    if (!e->count[v])
        return;
    buf_printf(&list, "%s: ", words);
    for (size_t i = 0, n = 0; i < e->n_checks; i++) {
        struct view_check c = view_check_at(e, i);

        if (c.verdict != v)
            continue;
        buf_printf(&list, "%s%s", n++ ? "; " : "", c.title);
        if (v == VERDICT_NOT_RUN && *c.needs)
            buf_printf(&list, " (needs %s)", c.needs);
        else if (*c.tool)
            buf_printf(&list, " (%s)", c.tool);
    }
    buf_putc(out, '\n');
    show_wrapped(out, buf_text(&list), 2, (size_t)ctx->width);
    buf_putc(out, '\n');
    buf_release(&list);
}

static void exercise_story(
    const struct view_exercise *e, const struct report_context *ctx, struct buf *out)
{
    struct buf same = BUF_EMPTY;

    exercise_heading(e, ctx, out);
    for (size_t i = 0; i < e->n_checks; i++) {
        struct view_check c = view_check_at(e, i);

        if (!text_has_story(c.verdict))
            continue;
        if (ctx->verbose || !told_before(e, i)) {
            buf_putc(out, '\n');
            text_check(e, &c, ctx, out);
            continue;
        }
        buf_printf(&same, "%s%s (%s)", same.length ? "; " : "", c.title, c.tool);
    }
    if (same.length) {
        buf_puts(out, "\nFor the same reason:\n  ");
        show_wrapped(out, buf_text(&same), 2, (size_t)ctx->width);
        buf_putc(out, '\n');
    }
    buf_release(&same);
    quiet_checks(e, VERDICT_NOT_IMPLEMENTED, "Still to be written", ctx, out);
    quiet_checks(e, VERDICT_NOT_RUN, "Not run", ctx, out);
}

/* An exercise whose story is folded: its first failure in one line. */
static void folded(const struct view_exercise *e, const struct report_context *ctx, struct buf *out)
{
    struct buf line = BUF_EMPTY;

    for (size_t i = 0; i < e->n_checks; i++) {
        struct view_check c = view_check_at(e, i);

        if (!text_has_story(c.verdict))
            continue;
        buf_printf(&line, "  %s: %s, %s", e->id, verdict_name(c.verdict),
            *c.message ? c.message : c.title);
        break;
    }
    show_padded(out, buf_text(&line),
        show_columns(buf_text(&line)) < (size_t)ctx->width ? show_columns(buf_text(&line))
                                                           : (size_t)ctx->width);
    buf_putc(out, '\n');
    buf_release(&line);
}

static void stories(const struct view_result *r, const struct report_context *ctx, struct buf *out)
{
    size_t told = 0, short_ones = 0;

    for (size_t i = 0; i < r->n_exercises; i++) {
        struct view_exercise e = view_exercise_at(r, i);

        if (!text_failures(&e))
            continue;
        if (told++ == 0 || ctx->verbose) {
            exercise_story(&e, ctx, out);
            continue;
        }
        if (short_ones++ == 0) {
            buf_putc(out, '\n');
            rule(ctx, out);
            buf_puts(out, "Also to mend:\n");
        }
        folded(&e, ctx, out);
    }
}

/* An untouched kit: where to begin, in five lines. */
static void welcome(const struct view_exercise *e, struct buf *out)
{
    struct buf dir = BUF_EMPTY;

    buf_puts(&dir, "labs/");
    if (*e->unit)
        buf_printf(&dir, "%s/", e->unit);
    buf_puts(&dir, e->id);
    buf_puts(out, "\nNothing is written yet: this is where everybody begins.\n");
    buf_puts(out, "  1. read    ");
    show_line(out, buf_text(&dir));
    buf_puts(out, "/README.md");
    if (e->minutes > 0)
        buf_printf(out, "   (about %.0f minutes)", e->minutes);
    buf_puts(out, "\n  2. write   ");
    show_line(out, buf_text(&dir));
    buf_putc(out, '/');
    buf_clear(&dir);
    view_file(e, &dir);
    show_line(out, buf_text(&dir));
    buf_puts(out, "\n  3. check   make check LAB=");
    show_shell_word(out, e->id);
    buf_puts(out, "\n  4. stuck?  make hint LAB=");
    show_shell_word(out, e->id);
    buf_putc(out, '\n');
    buf_release(&dir);
}

static void commands_for(const struct view_exercise *e, const char *before, struct buf *out)
{
    buf_printf(out, "\n%s", before);
    show_line(out, e->id);
    buf_puts(out, ", then  make check LAB=");
    show_shell_word(out, e->id);
    buf_puts(out, "\nStuck? A hint:  make hint LAB=");
    show_shell_word(out, e->id);
    buf_putc(out, '\n');
}

static void what_next(
    const struct view_result *r, const struct report_context *ctx, struct buf *out)
{
    if (r->n_checks > 0 && r->count[VERDICT_PASS] == r->n_checks) {
        buf_putc(out, '\n');
        text_style(ctx, STYLE_GOOD, out);
        buf_puts(out, r->n_checks == 1 ? "The check passes" : "All ");
        if (r->n_checks != 1)
            buf_printf(out, "%zu checks pass", r->n_checks);
        text_style(ctx, STYLE_PLAIN, out);
        buf_puts(out, ": every promise held in every run. Well done.\n");
        return;
    }
    for (size_t i = 0; ctx->guide && i < r->n_exercises; i++) {
        struct view_exercise e = view_exercise_at(r, i);

        if (text_all(&e, VERDICT_PASS) || text_all(&e, VERDICT_HARNESS_ERROR))
            continue;
        if (r->count[VERDICT_NOT_IMPLEMENTED] + r->count[VERDICT_NOT_RUN] == r->n_checks)
            welcome(&e, out);
        else
            commands_for(&e, text_untouched(&e) ? "Next: write " : "Next: mend ", out);
        return;
    }
}

/* Every reason why something could not be graded, once. */
static void not_graded(
    const struct view_result *r, const struct report_context *ctx, struct buf *out)
{
    json_t *seen = json_object();

    buf_putc(out, '\n');
    text_style(ctx, STYLE_OURS, out);
    buf_puts(out, "Not everything could be graded.");
    text_style(ctx, STYLE_PLAIN, out);
    buf_puts(out, " That is a fault of the kit or of this\nmachine, not of the code, and costs no "
                  "points. `make doctor` names the remedy.\n");
    for (size_t i = 0; i < r->n_exercises; i++) {
        struct view_exercise e = view_exercise_at(r, i);

        for (size_t k = 0; k < e.n_checks; k++) {
            struct view_check c = view_check_at(&e, k);

            if (c.verdict != VERDICT_HARNESS_ERROR || json_object_get(seen, c.message))
                continue;
            json_object_set_new(seen, c.message, json_true());
            buf_puts(out, "  HARNESS_ERROR  ");
            show_wrapped(out, *c.message ? c.message : c.title, 17, (size_t)ctx->width);
            buf_putc(out, '\n');
        }
    }
    json_decref(seen);
}

/* What the machine could not do, told apart from what the student did. */
static void machine(const struct view_result *r, const struct report_context *ctx, struct buf *out)
{
    const json_t *text;
    size_t i;

    if (!strcmp(r->sandbox, "none") && !ctx->guide)
        buf_puts(out, "\nGraded without a sandbox: not for marks.\n");
    json_array_foreach (r->messages, i, text) {
        buf_puts(out, "\nnote: ");
        show_wrapped(
            out, json_string_value(text) ? json_string_value(text) : "", 6, (size_t)ctx->width);
        buf_putc(out, '\n');
    }
    if (!r->complete && !*r->error)
        not_graded(r, ctx, out);
}

int report_text(
    const json_t *result, const struct report_context *ctx, struct buf *out, struct buf *err)
{
    struct report_context wide_enough = *ctx;
    struct view_result r = view_result(result);
    size_t from = out->length;

    (void)err;
    wide_enough.width = ctx->width < 60 ? 60 : ctx->width;
    ctx = &wide_enough;
    if (*r.error) {
        buf_puts(out, "This submission could not be graded.\n  ");
        show_wrapped(out, r.error, 2, (size_t)ctx->width);
        buf_putc(out, '\n');
    }
    if (r.n_exercises > 0) {
        report_table(result, ctx, out);
        stories(&r, ctx, out);
        machine(&r, ctx, out);
        what_next(&r, ctx, out);
    }
    if (ctx->in_actions)
        writers_defuse(out, from);
    return 0;
}

/* What stands to the right of a live line's title, the longest form that leaves the title whole. */
static size_t live_tail(const struct view_check *c, size_t title, size_t width, struct buf *out)
{
    struct buf duration = BUF_EMPTY, tool = BUF_EMPTY;
    size_t room;

    show_padded(&tool, c->tool, 8);
    show_duration(&duration, c->duration_ms);
    buf_printf(out, "  %s %6s", buf_text(&tool), buf_text(&duration));
    room = width - show_columns(buf_text(out));
    if (title > room) { /* without the duration */
        buf_clear(out);
        buf_printf(out, "  %s", buf_text(&tool));
        room = width - show_columns(buf_text(out));
    }
    if (title > room && title <= width) {
        buf_clear(out);
        room = width;
    }
    buf_release(&duration);
    buf_release(&tool);
    return room;
}

/* Under explore a pass is worth as much as what was looked at. */
static void covered(const struct view_check *c, const struct report_context *ctx, struct buf *out)
{
    if (c->verdict != VERDICT_PASS || strcmp(c->tool, "explore") != 0 || !*c->message)
        return;
    buf_printf(out, "%*s", VERDICT_COLUMNS, "");
    text_style(ctx, STYLE_DIM, out);
    show_wrapped(out, c->message, VERDICT_COLUMNS, (size_t)(ctx->width < 60 ? 60 : ctx->width));
    text_style(ctx, STYLE_PLAIN, out);
    buf_putc(out, '\n');
}

void report_check_line(const json_t *check, const struct report_context *ctx, struct buf *out)
{
    struct view_check c = view_check(check);
    struct buf title = BUF_EMPTY, tail = BUF_EMPTY, line = BUF_EMPTY;
    size_t room;

    if (ctx->several && c.test > c.id)
        buf_printf(&title, "%.*s: ", (int)(c.test - c.id - 1), c.id);
    show_line(&title, c.title);
    room = live_tail(&c, show_columns(buf_text(&title)),
        (size_t)(ctx->width < 60 ? 60 : ctx->width) - VERDICT_COLUMNS, &tail);
    show_padded(&line, buf_text(&title), room);
    buf_puts(&line, buf_text(&tail));
    while (line.length && line.data[line.length - 1] == ' ')
        line.data[--line.length] = '\0';
    text_style(ctx, text_verdict_style(c.verdict), out);
    show_padded(out, verdict_name(c.verdict), VERDICT_COLUMNS);
    text_style(ctx, STYLE_PLAIN, out);
    buf_printf(out, "%s\n", buf_text(&line));
    covered(&c, ctx, out);
    buf_release(&title);
    buf_release(&tail);
    buf_release(&line);
}
