/* SPDX-License-Identifier: MIT */
/*
 * The story of one check that failed: what was promised, what happened, where, what was seen, how
 * often, and the commands that show it again.
 */
#include "report/html.h"

#include "report/page.h"
#include "report/show.h"
#include "report/source.h"
#include "report/text.h"

#include <string.h>

enum { MOST_LINES = 200, MOST_BYTES = 32768, FINDINGS_IN_SIGHT = 3 };

static bool one_line(const char *text)
{
    const char *end = strchr(text, '\n');

    return !end || !end[1];
}

/* A sentence, however long somebody made it. */
static void sentence_of(const char *tag, const char *class, const char *text, struct buf *out)
{
    struct buf headed = BUF_EMPTY;

    show_head(&headed, text, 1, MOST_BYTES / 8);
    page_element(out, tag, class, buf_text(&headed));
    buf_release(&headed);
}

/* Text that was laid out by somebody else. */
static void block(const char *class, const char *text, struct buf *out)
{
    struct buf headed = BUF_EMPTY;

    show_head(&headed, text, MOST_LINES, MOST_BYTES);
    buf_printf(out, "<pre class=\"%s\" tabindex=\"0\">", class);
    show_xml(out, buf_text(&headed));
    buf_puts(out, "</pre>\n");
    buf_release(&headed);
}

static void excerpt_line(void *data, size_t number, const char *text, bool marked, bool gap)
{
    struct buf *out = data;

    if (gap)
        buf_puts(out, "<span class=\"gap\">…</span>\n");
    buf_printf(out, "<span class=\"line%s\"><b>%zu</b>", marked ? " marked" : "", number);
    show_xml(out, text);
    buf_puts(out, "</span>\n");
}

static void where(const struct view_exercise *e, const struct view_check *c,
    const struct report_context *ctx, struct buf *out)
{
    const char *file = "";
    long line = view_place(c, &file);
    struct source source = SOURCE_EMPTY;
    struct source_places places;

    if (line == 0)
        return;
    source_places(c, file, &places);
    buf_puts(out, "<figure class=\"source\"><figcaption>");
    page_line(out, file);
    buf_printf(out, ", line %ld</figcaption>\n", line);
    if (source_open(&source, ctx->files, e, file)) {
        buf_puts(out, "<pre tabindex=\"0\">");
        source_excerpt(&source, &places, excerpt_line, out);
        buf_puts(out, "</pre>");
    }
    buf_puts(out, "</figure>\n");
    source_release(&source);
}

static void place(const json_t *finding, struct buf *out)
{
    if (!*view_text(finding, "file"))
        return;
    buf_puts(out, "<span class=\"place\">");
    page_line(out, view_text(finding, "file"));
    if (view_number(finding, "line") >= 1)
        buf_printf(out, ":%ld", (long)view_number(finding, "line"));
    buf_puts(out, "</span> ");
}

/* A finding of one line. What the message said already is not said again. */
static void short_finding(const struct view_check *c, const json_t *f, struct buf *out)
{
    const char *text = view_text(f, "text");

    buf_puts(out, "<li>");
    page_element(out, "span", "kind", view_text(f, "kind"));
    buf_putc(out, ' ');
    place(f, out);
    if (!strstr(c->message, text))
        sentence_of("span", "text", text, out);
    buf_puts(out, "</li>\n");
}

/* A finding that is laid out in lines: an interleaving, or what a tool wrote. */
static void long_finding(const json_t *f, struct buf *out)
{
    buf_puts(out, "<h4>");
    page_line(out, *view_text(f, "kind") ? view_text(f, "kind") : "seen");
    buf_putc(out, ' ');
    place(f, out);
    buf_puts(out, "</h4>\n");
    if (!html_trace(view_text(f, "text"), out))
        block("output", view_text(f, "text"), out);
}

static bool is_short(const struct view_check *c, const json_t *finding)
{
    return one_line(view_text(finding, "text")) && !text_said(c, finding);
}

/* The first few in sight, the rest folded: a race is often found from many sides. */
static void short_findings(const struct view_check *c, const json_t *all, struct buf *out)
{
    size_t i, n = 0, count = 0;
    json_t *f;

    json_array_foreach (all, i, f)
        count += is_short(c, f);
    if (count == 0)
        return;
    buf_puts(out, "<h4>What was seen</h4>\n<ul class=\"findings\">\n");
    json_array_foreach (all, i, f) {
        if (!is_short(c, f))
            continue;
        if (n++ == FINDINGS_IN_SIGHT && count > FINDINGS_IN_SIGHT + 1)
            buf_printf(out, "</ul>\n<details><summary>%zu more</summary><ul class=\"findings\">\n",
                count - FINDINGS_IN_SIGHT);
        short_finding(c, f, out);
    }
    buf_puts(out, count > FINDINGS_IN_SIGHT + 1 ? "</ul></details>\n" : "</ul>\n");
}

static void findings(const struct view_check *c, struct buf *out)
{
    json_t *all = view_findings(c);
    json_t *f;
    size_t i;

    json_array_foreach (all, i, f) {
        if (!one_line(view_text(f, "text")))
            long_finding(f, out);
    }
    short_findings(c, all, out);
    json_decref(all);
}

static void facts(const json_t *outcomes, const json_t *outcome, struct buf *out)
{
    const char *key;
    json_t *fact;

    json_object_foreach (json_object_get(outcome, "facts"), key, fact) {
        const char *value = json_string_value(fact);

        buf_puts(out, view_fact_is_common(outcomes, key, fact) ? "<span class=\"fact same\">"
                                                               : "<span class=\"fact\">");
        page_line(out, key);
        buf_puts(out, " = ");
        page_line(out, value ? value : "?");
        buf_puts(out, "</span> ");
    }
}

static void sentence(const json_t *outcomes, const json_t *outcome, struct buf *out)
{
    const char *text = view_text(outcome, "text");

    if (*text && !view_text_is_common(outcomes, text))
        page_element(out, "div", "text", text);
}

static void outcome_row(
    const json_t *outcomes, const json_t *outcome, double total, struct buf *out)
{
    double count = view_number(outcome, "count");
    bool failed = view_failed(outcome);
    enum verdict v = VERDICT_PASS;

    buf_printf(out, "<tr><td class=\"number\">%.0f</td><td class=\"share\">",
        count >= 0 && count < 1e12 ? count : 0);
    html_bar(count / total, failed ? "bad" : "good", out);
    buf_puts(out, "</td><td>");
    if (verdict_parse(view_text(outcome, "verdict"), &v) && v != VERDICT_PASS)
        html_verdict(v, out);
    else if (failed)
        buf_puts(out, "<span class=\"breaks\">breaks the promise</span>");
    buf_puts(out, "</td><td>");
    facts(outcomes, outcome, out);
    sentence(outcomes, outcome, out);
    buf_puts(out, "</td></tr>\n");
}

/* Only where there is a set of them: one outcome is what the message already says. */
static void outcomes(const struct view_check *c, struct buf *out)
{
    double total = view_interleavings(c);
    json_t *o;
    size_t i;

    if (!(total > 1))
        return;
    buf_printf(out,
        "<h4>How %.0f %s ended</h4>\n<table class=\"outcomes\"><thead class=\"hidden\"><tr>"
        "<th>count</th><th>share</th><th>end</th><th>facts</th></tr></thead>\n<tbody>\n",
        total, strcmp(c->tool, "explore") ? "runs" : "interleavings");
    json_array_foreach (c->outcomes, i, o)
        outcome_row(c->outcomes, o, total, out);
    buf_puts(out, "</tbody></table>\n");
}

static void command(const char *name, const struct buf *text, struct buf *out)
{
    buf_printf(out, "<div class=\"command\"><span>%s</span><code>", name);
    page_line(out, buf_text(text));
    buf_puts(out, "</code></div>\n");
}

static void commands(const struct view_exercise *e, const struct view_check *c,
    const struct report_context *ctx, struct buf *out)
{
    struct buf text = BUF_EMPTY;

    if (*view_schedule(c)) {
        buf_printf(&text, "%s replay ", ctx->lab ? ctx->lab : "lab");
        show_shell_word(&text, e->id);
        buf_putc(&text, ' ');
        show_shell_word(&text, view_schedule(c));
        command("Replay it", &text, out);
        buf_clear(&text);
    }
    text_repeat_command(e, c, ctx, &text);
    command("Check it", &text, out);
    buf_release(&text);
}

void html_check(const struct view_exercise *e, const struct view_check *c, const char *id,
    const struct report_context *ctx, struct buf *out)
{
    const char *message = *c->message ? c->message : verdict_meaning(c->verdict);
    const char *note;

    buf_printf(out, "<article id=\"%s\" class=\"failure\" tabindex=\"-1\">\n<h3>", id);
    html_verdict(c->verdict, out);
    buf_puts(out, " <span class=\"title\">");
    page_line(out, c->title);
    buf_puts(out, "</span> ");
    page_element(out, "span", "tool", c->tool);
    buf_puts(out, "<span class=\"points\">");
    html_score(c->score, c->max_score, out);
    buf_puts(out, "</span></h3>\n");
    if (one_line(message))
        sentence_of("p", "happened", message, out);
    else
        block("happened", message, out);
    if (*c->message)
        page_element(out, "p", "means", verdict_meaning(c->verdict));
    where(e, c, ctx, out);
    findings(c, out);
    outcomes(c, out);
    for (size_t i = 0; (note = view_note(c, i)); i++)
        if (!strstr(message, note))
            page_element(out, "p", "note", note);
    commands(e, c, ctx, out);
    buf_puts(out, "</article>\n");
}
