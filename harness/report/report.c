/* SPDX-License-Identifier: MIT */
#include "report/report.h"

#include "report/show.h"
#include "report/text.h"
#include "report/writers.h"

#include <string.h>

enum { MESSAGE_BYTES = 4000 }; /* in formats with one message per check */

const struct report_writer report_writers[] = {
    {"text", "for a terminal: a table, what failed and where, what to do next", report_text},
    {"json", "everything, schema interleave/result/1", report_json},
    {"junit", "JUnit XML, for most CI servers", report_junit},
    {"gradescope", "results.json of a Gradescope autograder", report_gradescope},
    {"autolab", "the last lines of an Autolab autograder's output", report_autolab},
    {"classroom50", "result.json of Classroom 50", report_classroom50},
    {"github", "GitHub Actions: annotations and a job summary", report_github},
    {"tap", "Test Anything Protocol 14", report_tap},
    {"sarif", "SARIF 2.1.0, for code scanning", report_sarif},
    {"html", "one page that needs nothing else", report_html},
    {NULL, NULL, NULL},
};

const struct report_writer *report_find(const char *name)
{
    for (const struct report_writer *w = report_writers; w->name; w++)
        if (!strcmp(w->name, name))
            return w;
    return NULL;
}

void writers_message(const struct view_check *c, struct buf *out)
{
    struct buf head = BUF_EMPTY;

    show_head(&head, *c->message ? c->message : verdict_meaning(c->verdict), 100, MESSAGE_BYTES);
    show_line(out, c->title);
    buf_puts(out, ": ");
    show_line(out, buf_text(&head));
    buf_release(&head);
}

void writers_story(const struct view_exercise *e, const struct view_check *c,
    const struct report_context *ctx, struct buf *out)
{
    struct report_context plain = *ctx;

    plain.colour = false;
    plain.verbose = false;
    plain.width = 80;
    text_check(e, c, &plain, out);
}

static int add(const char *bytes, size_t length, void *out)
{
    buf_append(out, bytes, length);
    return 0;
}

int writers_dump(json_t *json, size_t flags, struct buf *out, struct buf *err)
{
    int status = json_dump_callback(json, add, out, flags);

    json_decref(json);
    if (status < 0)
        return fail(err, "The report could not be written as JSON; this is a fault of the kit.");
    buf_putc(out, '\n');
    return 0;
}

void writers_defuse(struct buf *out, size_t from)
{
    struct buf tail = BUF_EMPTY;
    bool line_start = true;

    if (from >= out->length)
        return;
    buf_append(&tail, out->data + from, out->length - from);
    out->length = from;
    for (const char *s = tail.data; *s; s++) {
        if (line_start && !strncmp(s, "::", 2))
            buf_putc(out, '\\');
        else if (!strncmp(s, "##[", 3)) /* the older form, obeyed anywhere in a line */
            buf_puts(out, "#\\");
        if (strncmp(s, "##[", 3) != 0)
            buf_putc(out, *s);
        line_start = *s == '\n' || (line_start && *s == ' ');
    }
    buf_release(&tail);
}

int writers_need_complete(const struct view_result *r, const char *service, struct buf *err)
{
    if (*r->error)
        return fail(
            err, "Nothing is reported to %s, because nothing was graded: %s", service, r->error);
    if (r->n_exercises == 0)
        return fail(
            err, "Nothing is reported to %s, because the result has no exercises.", service);
    if (!r->complete)
        return fail(err,
            "Nothing is reported to %s, because the result is incomplete and what could not be "
            "graded would arrive there as a zero. Mend what says HARNESS_ERROR and grade again.",
            service);
    return 0;
}

int report_json(
    const json_t *result, const struct report_context *ctx, struct buf *out, struct buf *err)
{
    (void)ctx;
    return writers_dump(json_incref((json_t *)result), JSON_INDENT(2), out, err);
}
