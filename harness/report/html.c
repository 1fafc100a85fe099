/* SPDX-License-Identifier: MIT */
/*
 * One page for one submission: who and how much, then an overview of the exercises, then what
 * failed, one story below the other, with what passed folded away.
 */
#include "report/html.h"

#include "report/page.h"
#include "report/show.h"
#include "report/text.h"
#include "report/writers.h"

#include <stdlib.h>
#include <string.h>

const char *html_verdict_class(enum verdict v)
{
    return v == VERDICT_PASS            ? "good"
           : v == VERDICT_HARNESS_ERROR ? "ours"
           : text_has_story(v)          ? "bad"
                                        : "quiet";
}

void html_verdict(enum verdict v, struct buf *out)
{
    buf_printf(out, "<span class=\"verdict %s\" title=\"", html_verdict_class(v));
    page_line(out, verdict_meaning(v));
    buf_puts(out, "\">");
    for (const char *s = verdict_name(v); *s; s++) /* NOT_RUN reads better as NOT RUN */
        buf_putc(out, *s == '_' ? ' ' : *s);
    buf_puts(out, "</span>");
}

void html_score(double score, double max_score, struct buf *out)
{
    show_number(out, score);
    buf_puts(out, "<span class=\"of\"> / ");
    show_number(out, max_score);
    buf_puts(out, "</span>");
}

void html_bar(double part, const char *class, struct buf *out)
{
    double percent = part > 0 ? part < 1 ? 100 * part : 100 : 0;

    buf_printf(out,
        "<svg class=\"bar %s\" aria-hidden=\"true\"><rect class=\"fill\" width=\"%.1f%%\""
        " height=\"100%%\"/></svg>",
        class, percent);
}

/* Anchors are numbers: ids come from outside and would have to be made safe and unique. */
static char *check_anchor(size_t exercise, size_t check)
{
    return xasprintf("e%zuc%zu", exercise + 1, check + 1);
}

static void head(const struct view_result *r, struct buf *out)
{
    buf_puts(out, "<a class=\"skip\" href=\"#work\">Skip to the exercises</a>\n<header>\n<div>"
                  "<p class=\"brand\">Interleave</p>\n<h1>");
    page_line(out, *r->submission ? r->submission : "Your work");
    buf_puts(out, "</h1>");
    if (r->n_checks > 0) {
        buf_printf(out, "<p class=\"of\">%zu of ", r->count[VERDICT_PASS]);
        text_count(out, r->n_checks, "check");
        buf_puts(out, r->count[VERDICT_PASS] == 1 ? " passes</p>" : " pass</p>");
    }
    buf_puts(out, "</div>\n");
    if (r->n_exercises > 0 && !*r->error) {
        buf_puts(out, "<p class=\"score\">");
        html_score(r->score, r->max_score, out);
        buf_puts(out, r->complete ? "</p>\n" : "<span class=\"of\"> so far</span></p>\n");
    }
    buf_puts(out, "</header>\n");
}

static void notices(const struct view_result *r, struct buf *out)
{
    const json_t *message;
    size_t i;

    if (*r->error) {
        buf_puts(out, "<div class=\"notice ours\"><strong>This submission could not be graded."
                      "</strong> ");
        page_line(out, r->error);
        buf_puts(out, "</div>\n");
    } else if (!r->complete) {
        buf_puts(out, "<div class=\"notice ours\"><strong>Not everything could be graded.</strong> "
                      "That is a fault of the kit or of the machine that graded, not of the code, "
                      "and costs no points. The total is incomplete.</div>\n");
    }
    if (!strcmp(r->sandbox, "none"))
        buf_puts(out, "<div class=\"notice\">Graded without a sandbox: not for marks.</div>\n");
    json_array_foreach (r->messages, i, message)
        page_element(out, "div", "notice", json_string_value(message));
}

static void overview_row(const struct view_exercise *e, size_t number, struct buf *out)
{
    buf_printf(out, "<tr><th scope=\"row\"><a href=\"#e%zu\">", number + 1);
    page_line(out, e->id);
    buf_puts(out, "</a></th><td class=\"number\">");
    html_score(e->score, e->max_score, out);
    buf_puts(out, "</td><td class=\"strip\">");
    for (size_t i = 0; i < e->n_checks; i++) {
        struct view_check c = view_check_at(e, i);
        char *anchor = check_anchor(number, i);

        buf_printf(out, "<a class=\"dot %s\" href=\"#%s\" title=\"", html_verdict_class(c.verdict),
            anchor);
        buf_printf(out, "%s: ", verdict_name(c.verdict));
        page_line(out, c.title);
        buf_printf(out, "\"><span>%s</span></a>", verdict_name(c.verdict));
        free(anchor);
    }
    buf_puts(out, "</td></tr>\n");
}

static void overview(const struct view_result *r, struct buf *out)
{
    buf_puts(out, "<table class=\"overview\">\n<thead><tr><th scope=\"col\">Exercise</th>"
                  "<th scope=\"col\" class=\"number\">Score</th><th scope=\"col\">Checks</th></tr>"
                  "</thead>\n<tbody>\n");
    for (size_t i = 0; i < r->n_exercises; i++) {
        struct view_exercise e = view_exercise_at(r, i);

        overview_row(&e, i, out);
    }
    buf_puts(out, "</tbody></table>\n");
}

/* A check without a story: one line. */
static void quiet_check(const struct view_check *c, const char *anchor, struct buf *out)
{
    buf_printf(out, "<li id=\"%s\">", anchor);
    html_verdict(c->verdict, out);
    buf_puts(out, "<div><span class=\"title\">");
    page_line(out, c->title);
    buf_puts(out, "</span> ");
    if (*c->tool)
        page_element(out, "span", "tool", c->tool);
    if (c->verdict != VERDICT_PASS && *c->message)
        page_element(out, "p", "why", c->message);
    buf_puts(out, "</div><span class=\"points\">");
    if (c->verdict == VERDICT_HARNESS_ERROR)
        buf_puts(out, "not graded");
    else
        html_score(c->score, c->max_score, out);
    buf_puts(out, "</span></li>\n");
}

static void quiet_checks(const struct view_exercise *e, size_t number, bool passed, struct buf *out)
{
    size_t n = 0;

    for (size_t i = 0; i < e->n_checks; i++) {
        struct view_check c = view_check_at(e, i);
        char *anchor = check_anchor(number, i);

        if (!text_has_story(c.verdict) && (c.verdict == VERDICT_PASS) == passed) {
            if (n++ == 0 && passed) {
                buf_puts(out, "<details><summary>");
                text_count(out, e->count[VERDICT_PASS], "check");
                buf_printf(out, " passed</summary>\n");
            }
            if (n == 1)
                buf_puts(out, "<ul class=\"checks\">\n");
            quiet_check(&c, anchor, out);
        }
        free(anchor);
    }
    if (n > 0)
        buf_puts(out, passed ? "</ul></details>\n" : "</ul>\n");
}

static void exercise(
    const struct view_exercise *e, size_t number, const struct report_context *ctx, struct buf *out)
{
    buf_printf(out, "<section id=\"e%zu\">\n<h2><span class=\"name\">", number + 1);
    page_line(out, e->id);
    buf_puts(out, "</span>");
    if (*e->title) {
        buf_putc(out, ' ');
        page_element(out, "span", "about", e->title);
    }
    buf_puts(out, "<span class=\"points\">");
    html_score(e->score, e->max_score, out);
    buf_puts(out, "</span></h2>\n");
    for (size_t i = 0; i < e->n_checks; i++) {
        struct view_check c = view_check_at(e, i);
        char *anchor = check_anchor(number, i);

        if (text_has_story(c.verdict))
            html_check(e, &c, anchor, ctx, out);
        free(anchor);
    }
    quiet_checks(e, number, false, out);
    quiet_checks(e, number, true, out);
    buf_puts(out, "</section>\n");
}

static void foot(const struct view_result *r, struct buf *out)
{
    buf_puts(out, "<footer>Interleave ");
    page_line(out, r->kit);
    if (*r->sandbox) {
        buf_puts(out, ", sandbox ");
        page_line(out, r->sandbox);
    }
    buf_puts(out,
        ".<span class=\"keys\"> Keys: <kbd>j</kbd> and <kbd>k</kbd> go to the next and the "
        "previous failure.</span></footer>\n");
}

int report_html(
    const json_t *result, const struct report_context *ctx, struct buf *out, struct buf *err)
{
    struct view_result r = view_result(result);
    const struct page page = {.title = *r.submission ? r.submission : "Interleave",
        .styles = {page_css, page_submission_css},
        .scripts = {page_submission_js, page_copy_js}};

    (void)err;
    page_begin(&page, out);
    head(&r, out);
    buf_puts(out, "<main id=\"work\" tabindex=\"-1\">\n");
    notices(&r, out);
    if (r.n_exercises > 0)
        overview(&r, out);
    for (size_t i = 0; i < r.n_exercises; i++) {
        struct view_exercise e = view_exercise_at(&r, i);

        exercise(&e, i, ctx, out);
    }
    buf_puts(out, "</main>\n");
    foot(&r, out);
    page_end(&page, out);
    return 0;
}
