/* SPDX-License-Identifier: MIT */
/*
 * index.html: the data once, as JSON that page/class.js draws, and the essentials once more as a
 * table for a browser without scripts.
 */
#include "report/class_data.h"
#include "report/class_groups.h"
#include "report/page.h"
#include "report/show.h"
#include "report/view.h"

#include <math.h>
#include <sha2.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { GROUPS_MOST = 200, NAME_MOST = 80, SMALL_LETTERS = 39, HASH_DIGITS = 16 };

static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789._-ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/* Whether the name can stand for itself. One that looks as if it had a hash cannot: somebody could
 * take another one's page by it. Nor can capitals, for file systems that do not see them. */
static bool is_plain(const char *name)
{
    char small[SMALL_LETTERS + 1] = {0};
    size_t length = strlen(name);

    memcpy(small, letters, SMALL_LETTERS);
    if (length == 0 || length > NAME_MOST || strchr(".-", *name) || name[strspn(name, small)])
        return false;
    return length <= HASH_DIGITS || name[length - HASH_DIGITS - 1] != '-' ||
           strspn(name + length - HASH_DIGITS, "0123456789abcdef") != HASH_DIGITS;
}

void report_page_name(const char *submission, const char *suffix, struct buf *out)
{
    SHA2_CTX context;
    uint8_t digest[SHA256_DIGEST_LENGTH];
    size_t length = strlen(submission);

    for (size_t i = 0; i < length && i < NAME_MOST; i++)
        buf_putc(out, strchr(letters, submission[i]) && (i > 0 || !strchr(".-", submission[i]))
                          ? submission[i]
                          : '_');
    if (!is_plain(submission)) {
        SHA256Init(&context);
        SHA256Update(&context, (const uint8_t *)submission, length);
        SHA256Final(digest, &context);
        buf_putc(out, '-');
        for (size_t i = 0; i < HASH_DIGITS / 2; i++)
            buf_printf(out, "%02x", digest[i]);
    }
    buf_puts(out, suffix);
}

/* A score without the noise of binary fractions; null for what is not one. */
static json_t *number(double value)
{
    if (!isfinite(value) || fabs(value) > 1e9)
        return json_null();
    value = round(value * 100) / 100;
    return value == floor(value) ? json_integer((json_int_t)value) : json_real(value);
}

static json_t *page_of(const char *submission, const struct report_class_options *options)
{
    struct buf name = BUF_EMPTY;
    json_t *page;

    if (!options->pages)
        return json_null();
    report_page_name(submission, ".html", &name);
    page = json_string(buf_text(&name));
    buf_release(&name);
    return page;
}

/* One letter for each check in order: 'A' + verdict, '.' where the submission was not asked. */
static json_t *verdict_letters(
    const struct report_class *c, const struct class_order *o, const struct class_row *r)
{
    size_t n = c->check_names.count;
    char *text = xcalloc(n + 1, 1);
    json_t *string;

    for (size_t i = 0; i < n; i++) {
        unsigned v = class_verdict(r, o->checks[i]);

        text[i] = (char)(v == VERDICT_ABSENT ? '.' : 'A' + v);
    }
    string = json_string(text);
    free(text);
    return string;
}

/* [ name, page, score or null, of, error or remark, verdicts, [ score of each exercise ] ] */
static json_t *student(const struct report_class *c, const struct class_order *o,
    const struct class_row *r, const struct report_class_options *options)
{
    json_t *x = json_array(), *scores = json_array();

    json_array_append_new(x, view_clean_line(r->submission));
    json_array_append_new(x, page_of(r->submission, options));
    json_array_append_new(x, r->complete ? number(r->score) : json_null());
    json_array_append_new(x, number(r->max_score));
    json_array_append_new(x, json_string(*r->error ? r->error : r->remark));
    json_array_append_new(x, verdict_letters(c, o, r));
    for (size_t i = 0; i < c->exercise_names.count; i++)
        json_array_append_new(scores, number(class_score(r, o->exercises[i])));
    json_array_append_new(x, scores);
    return x;
}

static json_t *students(const struct report_class *c, const struct class_order *o,
    const struct report_class_options *options)
{
    json_t *all = json_array();

    for (size_t i = 0; i < c->submission_names.count; i++)
        json_array_append_new(all, student(c, o, &c->rows[o->rows[i]], options));
    return all;
}

static json_t *exercises(const struct report_class *c, const struct class_order *o)
{
    json_t *all = json_array();

    for (size_t i = 0; i < c->exercise_names.count; i++) {
        const struct class_exercise *e = &c->exercises[o->exercises[i]];

        json_array_append_new(all, json_pack("[o, o, o]", view_clean_line(e->id),
                                       view_clean_line(e->title), number(e->max_score)));
    }
    return all;
}

/* [ exercise, test, tool, title, points ] */
static json_t *checks(const struct report_class *c, const struct class_order *o)
{
    size_t *place = class_places(o->exercises, c->exercise_names.count);
    json_t *all = json_array();

    for (size_t i = 0; i < c->check_names.count; i++) {
        const struct class_check *x = &c->checks[o->checks[i]];

        json_array_append_new(
            all, json_pack("[i, o, o, o, o]", (int)place[x->exercise], view_clean_line(x->test),
                     view_clean_line(x->tool), view_clean_line(x->title), number(x->max_score)));
    }
    free(place);
    return all;
}

/* [ exercise, check or -1, verdict, message, [ students ], whether it varies ], the commonest first
 */
static json_t *failures(const struct report_class *c, const struct class_order *o)
{
    size_t *exercise_places = class_places(o->exercises, c->exercise_names.count);
    size_t *check_places = class_places(o->checks, c->check_names.count);
    json_t *all = json_array();
    struct class_groups g;

    class_groups(c, o, &g);
    for (size_t i = 0; i < g.count && i < GROUPS_MOST; i++) {
        const struct class_failure *f = &c->failures[g.groups[i].failure];
        int check = f->check == CHECK_ALL ? -1 : (int)check_places[f->check];
        json_t *who = json_array();

        for (size_t k = 0; k < g.groups[i].count; k++)
            json_array_append_new(who, json_integer(g.groups[i].members[k]));
        json_array_append_new(
            all, json_pack("[i, i, i, s, o, b]", (int)exercise_places[f->exercise], check,
                     (int)f->verdict, f->message, who, f->varied));
    }
    class_groups_release(&g);
    free(exercise_places);
    free(check_places);
    return all;
}

static json_t *verdicts(void)
{
    json_t *all = json_array();

    for (unsigned v = 0; v < VERDICT_COUNT; v++)
        json_array_append_new(
            all, json_pack("[s, s]", verdict_name(v), verdict_meaning((enum verdict)v)));
    return all;
}

static void plain_row(
    const struct class_row *r, const struct report_class_options *options, struct buf *out)
{
    struct buf page = BUF_EMPTY;

    buf_puts(out, "<tr><td>");
    if (options->pages) {
        report_page_name(r->submission, ".html", &page);
        buf_puts(out, "<a href=\"");
        show_xml(out, options->pages);
        buf_printf(out, "/%s\">", buf_text(&page));
    }
    page_line(out, r->submission);
    buf_printf(out, "%s</td><td>", options->pages ? "</a>" : "");
    if (r->complete)
        show_number(out, r->score);
    else
        page_line(out, r->error);
    buf_puts(out, "</td><td>");
    show_number(out, r->max_score);
    buf_puts(out, "</td></tr>\n");
    buf_release(&page);
}

/* What a browser without scripts shows: who and how much, ungraded ones first. */
static void plain_table(const struct report_class *c, const struct class_order *o,
    const struct report_class_options *options, struct buf *out)
{
    buf_puts(out, "<noscript><table class=\"plain\"><thead><tr><th>submission</th><th>score</th>"
                  "<th>of</th></tr></thead><tbody>\n");
    for (int complete = 0; complete < 2; complete++)
        for (size_t i = 0; i < c->submission_names.count; i++)
            if (c->rows[o->rows[i]].complete == complete)
                plain_row(&c->rows[o->rows[i]], options, out);
    buf_puts(out, "</tbody></table></noscript>\n");
}

int report_class_html(const struct report_class *c, const struct report_class_options *options,
    struct buf *out, struct buf *err)
{
    const char *title = options->title ? options->title : "Class";
    const struct page page = {
        .title = title, .styles = {page_css, page_class_css}, .scripts = {page_class_js}};
    struct class_order o;
    json_t *data = json_object();
    int status;

    class_order(c, &o);
    json_object_set_new(data, "pages", options->pages ? json_string(options->pages) : json_null());
    json_object_set_new(data, "verdicts", verdicts());
    json_object_set_new(data, "exercises", exercises(c, &o));
    json_object_set_new(data, "checks", checks(c, &o));
    json_object_set_new(data, "failures", failures(c, &o));
    json_object_set_new(data, "students", students(c, &o, options));
    page_begin(&page, out);
    buf_puts(out, "<a class=\"skip\" href=\"#students\">Skip to the students</a>\n<header>\n<div>"
                  "<p class=\"brand\">Interleave</p>\n");
    page_element(out, "h1", NULL, title);
    buf_puts(out, "</div>\n");
    if (options->now)
        page_element(out, "p", "when", options->now);
    buf_puts(out, "</header>\n");
    buf_puts(out, page_class_html);
    plain_table(c, &o, options, out);
    status = page_data("data", data, out, err);
    page_end(&page, out);
    class_order_release(&o);
    return status;
}
