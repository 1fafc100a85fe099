/* SPDX-License-Identifier: MIT */
/*
 * GitHub Actions: annotations on the lines of the student's files, and the job's summary in
 * Markdown. A runner reads commands from every line of the log that begins with "::", so nothing of
 * the student's ever begins a line there: messages stand behind "::" with their line ends escaped.
 */
#include "report/show.h"
#include "report/text.h"
#include "report/writers.h"

#include <string.h>

enum {
    SUMMARY_BYTES = 900 * 1024, /* GitHub drops a summary of more than 1 MiB */
    MESSAGE_BYTES = 4000,
};

static const char *level(enum verdict v)
{
    return v == VERDICT_HARNESS_ERROR     ? "warning"
           : v == VERDICT_NOT_IMPLEMENTED ? "notice"
                                          : "error";
}

static void annotation(const struct view_exercise *e, const struct view_check *c,
    const struct report_context *ctx, struct buf *out)
{
    struct buf text = BUF_EMPTY, message = BUF_EMPTY, own = BUF_EMPTY;
    const char *file = "";
    long line = view_place(c, &file);

    view_file(e, &own);
    view_path(ctx->prefix, e, line > 0 ? file : buf_text(&own), &text);
    buf_printf(out, "::%s file=", level(c->verdict));
    show_workflow_property(out, buf_text(&text));
    if (line > 0)
        buf_printf(out, ",line=%ld", line);
    buf_puts(out, ",title=");
    buf_clear(&text);
    buf_printf(&text, "%s: ", verdict_name(c->verdict));
    show_line(&text, c->title);
    show_head(&message, buf_text(&text), 1, 200);
    show_workflow_property(out, buf_text(&message));
    buf_puts(out, "::");
    buf_clear(&message);
    show_head(&message, *c->message ? c->message : verdict_meaning(c->verdict), 30, MESSAGE_BYTES);
    buf_puts(&message, "\nTo see it again: ");
    text_repeat_command(e, c, ctx, &message);
    show_workflow_data(out, buf_text(&message));
    buf_putc(out, '\n');
    buf_release(&text);
    buf_release(&message);
    buf_release(&own);
}

/* GitHub shows ten errors of a step: what matters most comes first. */
static void annotations(
    const struct view_result *r, const struct report_context *ctx, struct buf *out)
{
    static const char *const order[] = {"error", "warning", "notice"};

    if (*r->error) {
        buf_puts(out, "::error title=This submission could not be graded::");
        show_workflow_data(out, r->error);
        buf_putc(out, '\n');
    }
    for (size_t pass = 0; pass < sizeof order / sizeof *order; pass++) {
        for (size_t i = 0; i < r->n_exercises; i++) {
            struct view_exercise e = view_exercise_at(r, i);

            for (size_t k = 0; k < e.n_checks; k++) {
                struct view_check c = view_check_at(&e, k);

                if (c.verdict != VERDICT_PASS && c.verdict != VERDICT_NOT_RUN &&
                    !strcmp(level(c.verdict), order[pass]))
                    annotation(&e, &c, ctx, out);
            }
        }
    }
}

static void score(struct buf *out, double points, double most, const char *between)
{
    show_number(out, points);
    buf_puts(out, between);
    show_number(out, most);
}

static void table(const struct view_result *r, struct buf *out)
{
    buf_puts(out, "| exercise | score | verdicts |\n|:--|--:|:--|\n");
    for (size_t i = 0; i < r->n_exercises; i++) {
        struct view_exercise e = view_exercise_at(r, i);

        buf_puts(out, "| ");
        show_markdown_code(out, e.id);
        buf_puts(out, " | ");
        score(out, e.score, e.max_score, " / ");
        buf_puts(out, " | ");
        text_verdicts(e.count, out);
        buf_puts(out, " |\n");
    }
}

static void check_details(const struct view_exercise *e, const struct view_check *c,
    const struct report_context *ctx, struct buf *out)
{
    struct buf story = BUF_EMPTY, line = BUF_EMPTY;

    writers_story(e, c, ctx, &story);
    show_line(&line, c->title);
    buf_printf(out, "<details><summary><b>%s</b> ", verdict_name(c->verdict));
    show_xml(out, buf_text(&line));
    buf_puts(out, "</summary>\n\n");
    show_markdown_block(out, buf_text(&story));
    buf_puts(out, "\n</details>\n\n");
    buf_release(&story);
    buf_release(&line);
}

static void exercise_details(
    const struct view_exercise *e, const struct report_context *ctx, struct buf *out)
{
    bool headed = false;

    for (size_t k = 0; k < e->n_checks; k++) {
        struct view_check c = view_check_at(e, k);

        if (!text_has_story(c.verdict) && c.verdict != VERDICT_HARNESS_ERROR)
            continue;
        if (!headed) {
            buf_puts(out, "\n### ");
            show_markdown(out, e->id);
            if (*e->title) {
                buf_puts(out, ": ");
                show_markdown(out, e->title);
            }
            buf_puts(out, "\n\n");
            headed = true;
        }
        check_details(e, &c, ctx, out);
    }
}

static void summary(const struct view_result *r, const struct report_context *ctx, struct buf *out)
{
    size_t start = out->length;

    buf_puts(out, "## Interleave");
    if (r->n_exercises) {
        buf_puts(out, ": ");
        score(out, r->score, r->max_score, " of ");
        buf_puts(out, " points\n\n");
        table(r, out);
    } else {
        buf_putc(out, '\n');
    }
    if (*r->error) {
        buf_puts(out, "\n**This submission could not be graded.** ");
        show_markdown(out, r->error);
        buf_putc(out, '\n');
    } else if (!r->complete) {
        buf_puts(out, "\n**The total is incomplete.** What says HARNESS_ERROR could not be graded; "
                      "that is not the student's fault and costs no points.\n");
    }
    for (size_t i = 0; i < r->n_exercises; i++) {
        struct view_exercise e = view_exercise_at(r, i);

        if (out->length - start > SUMMARY_BYTES) {
            buf_puts(out, "\nMore is in the result file: this summary is at its limit.\n");
            break;
        }
        exercise_details(&e, ctx, out);
    }
}

int report_github(
    const json_t *result, const struct report_context *ctx, struct buf *out, struct buf *err)
{
    struct view_result r = view_result(result);

    (void)err;
    annotations(&r, ctx, out);
    if (ctx->summary) {
        summary(&r, ctx, ctx->summary);
    } else {
        size_t from = out->length;

        summary(&r, ctx, out);
        writers_defuse(out, from);
    }
    return 0;
}
