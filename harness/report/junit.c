/* SPDX-License-Identifier: MIT */
/*
 * JUnit XML: testsuites > testsuite (an exercise) > testcase (a check). What failed is a failure,
 * what was not run is skipped, what we could not grade is an error: the three never mix.
 */
#include "report/show.h"
#include "report/writers.h"

#include <libxml/xmlwriter.h>
#include <string.h>

struct sums {
    size_t tests, failures, errors, skipped;
    long assertions;
    double ms;
};

enum kind { KIND_PASS, KIND_FAILURE, KIND_SKIPPED, KIND_ERROR };

static enum kind kind_of(enum verdict v)
{
    return v == VERDICT_PASS            ? KIND_PASS
           : v == VERDICT_NOT_RUN       ? KIND_SKIPPED
           : v == VERDICT_HARNESS_ERROR ? KIND_ERROR
                                        : KIND_FAILURE;
}

static void add_exercise(struct sums *sums, const struct view_exercise *e)
{
    for (size_t i = 0; i < e->n_checks; i++) {
        struct view_check c = view_check_at(e, i);
        enum kind kind = kind_of(c.verdict);

        sums->tests++;
        sums->failures += kind == KIND_FAILURE;
        sums->errors += kind == KIND_ERROR;
        sums->skipped += kind == KIND_SKIPPED;
        sums->assertions += c.assertions;
        sums->ms += c.duration_ms;
    }
}

static void attribute(xmlTextWriterPtr w, const char *name, const char *text)
{
    struct buf clean = BUF_EMPTY;

    show_line(&clean, text);
    if (!clean.length && !strcmp(name, "name")) /* CI servers drop what has none */
        buf_puts(&clean, "unnamed");
    xmlTextWriterWriteAttribute(w, BAD_CAST name, BAD_CAST buf_text(&clean));
    buf_release(&clean);
}

static void number(xmlTextWriterPtr w, const char *name, long value)
{
    xmlTextWriterWriteFormatAttribute(w, BAD_CAST name, "%ld", value < 0 ? 0 : value);
}

static void seconds(xmlTextWriterPtr w, double ms)
{
    xmlTextWriterWriteFormatAttribute(w, BAD_CAST "time", "%.3f", ms > 0 ? ms / 1000 : 0);
}

static void write_sums(xmlTextWriterPtr w, const struct sums *sums)
{
    number(w, "tests", (long)sums->tests);
    number(w, "failures", (long)sums->failures);
    number(w, "errors", (long)sums->errors);
    number(w, "skipped", (long)sums->skipped);
    number(w, "assertions", sums->assertions);
    seconds(w, sums->ms);
}

/* <failure message type>story</failure>, and its two sisters. */
static void write_story(xmlTextWriterPtr w, const struct view_exercise *e,
    const struct view_check *c, const struct report_context *ctx)
{
    static const char *const names[] = {
        [KIND_FAILURE] = "failure", [KIND_SKIPPED] = "skipped", [KIND_ERROR] = "error"};
    enum kind kind = kind_of(c->verdict);
    struct buf text = BUF_EMPTY;

    if (kind == KIND_PASS)
        return;
    xmlTextWriterStartElement(w, BAD_CAST names[kind]);
    writers_message(c, &text);
    attribute(w, "message", buf_text(&text));
    if (kind != KIND_SKIPPED) {
        attribute(w, "type", verdict_name(c->verdict));
        buf_clear(&text);
        writers_story(e, c, ctx, &text);
        xmlTextWriterWriteString(w, BAD_CAST buf_text(&text));
    }
    xmlTextWriterEndElement(w);
    buf_release(&text);
}

static void write_check(xmlTextWriterPtr w, const struct view_exercise *e,
    const struct view_check *c, const struct report_context *ctx)
{
    struct buf text = BUF_EMPTY;
    const char *file = "";
    long line = view_place(c, &file);

    xmlTextWriterStartElement(w, BAD_CAST "testcase");
    view_check_name(c, &text);
    attribute(w, "name", buf_text(&text));
    attribute(w, "classname", e->id);
    number(w, "assertions", c->assertions);
    seconds(w, c->duration_ms);
    if (line > 0) {
        buf_clear(&text);
        view_path(ctx->prefix, e, file, &text);
        attribute(w, "file", buf_text(&text));
        number(w, "line", line);
    }
    write_story(w, e, c, ctx);
    xmlTextWriterEndElement(w);
    buf_release(&text);
}

static void write_exercise(
    xmlTextWriterPtr w, const struct view_exercise *e, const struct report_context *ctx)
{
    struct sums sums = {0};
    struct buf path = BUF_EMPTY, file = BUF_EMPTY;

    add_exercise(&sums, e);
    view_file(e, &file);
    view_path(ctx->prefix, e, buf_text(&file), &path);
    xmlTextWriterStartElement(w, BAD_CAST "testsuite");
    attribute(w, "name", e->id);
    write_sums(w, &sums);
    if (ctx->now)
        attribute(w, "timestamp", ctx->now);
    attribute(w, "file", buf_text(&path));
    for (size_t i = 0; i < e->n_checks; i++) {
        struct view_check c = view_check_at(e, i);

        write_check(w, e, &c, ctx);
    }
    xmlTextWriterEndElement(w);
    buf_release(&path);
    buf_release(&file);
}

/* A submission that could not be graded at all is one suite with one error. */
static void write_error(xmlTextWriterPtr w, const struct view_result *r)
{
    struct sums one = {.tests = 1, .errors = 1};

    xmlTextWriterStartElement(w, BAD_CAST "testsuite");
    attribute(w, "name", "submission");
    write_sums(w, &one);
    xmlTextWriterStartElement(w, BAD_CAST "testcase");
    attribute(w, "name", "can be graded");
    attribute(w, "classname", "submission");
    xmlTextWriterStartElement(w, BAD_CAST "error");
    attribute(w, "message", r->error);
    attribute(w, "type", verdict_name(VERDICT_HARNESS_ERROR));
    for (int open = 0; open < 3; open++)
        xmlTextWriterEndElement(w);
}

int report_junit(
    const json_t *result, const struct report_context *ctx, struct buf *out, struct buf *err)
{
    struct view_result r = view_result(result);
    struct sums sums = {.tests = *r.error ? 1 : 0, .errors = *r.error ? 1 : 0};
    xmlBufferPtr xml = xmlBufferCreate();
    xmlTextWriterPtr w = xml ? xmlNewTextWriterMemory(xml, 0) : NULL;
    int status = -1;

    if (!w) {
        fail(err, "The JUnit report could not be begun: libxml2 gave no memory.");
        goto out;
    }
    for (size_t i = 0; i < r.n_exercises; i++) {
        struct view_exercise e = view_exercise_at(&r, i);

        add_exercise(&sums, &e);
    }
    xmlTextWriterSetIndent(w, 1);
    xmlTextWriterSetIndentString(w, BAD_CAST "  ");
    xmlTextWriterStartDocument(w, NULL, "UTF-8", NULL);
    xmlTextWriterStartElement(w, BAD_CAST "testsuites");
    attribute(w, "name", *r.submission ? r.submission : "interleave");
    write_sums(w, &sums);
    if (ctx->now)
        attribute(w, "timestamp", ctx->now);
    if (*r.error)
        write_error(w, &r);
    for (size_t i = 0; i < r.n_exercises; i++) {
        struct view_exercise e = view_exercise_at(&r, i);

        write_exercise(w, &e, ctx);
    }
    status = xmlTextWriterEndDocument(w) < 0 ? -1 : 0;
    if (status < 0)
        fail(err, "The JUnit report could not be written; this is a fault of the kit.");
    else
        buf_append(out, xmlBufferContent(xml), (size_t)xmlBufferLength(xml));
out:
    if (w)
        xmlFreeTextWriter(w);
    if (xml)
        xmlBufferFree(xml);
    return status;
}
