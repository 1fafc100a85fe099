/* SPDX-License-Identifier: MIT */
/*
 * SARIF 2.1.0. A rule is a verdict; a result is a failed check; an interleaving that a tool found
 * is a codeFlow with one threadFlow per thread, whose steps are ordered by executionOrder. What we
 * could not grade is no result but a notification of the tool.
 */
#include "report/show.h"
#include "report/writers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SCHEMA "https://json.schemastore.org/sarif-2.1.0.json"

static json_t *message(const char *text)
{
    return json_pack("{s:o}", "text", view_clean(text));
}

/* A relative reference as RFC 3986 wants it: UTF-8 bytes outside the unreserved set in percent. */
static json_t *location(
    const struct view_exercise *e, const char *file, long line, const char *prefix)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "0123456789-._~/";
    struct buf path = BUF_EMPTY, uri = BUF_EMPTY;
    json_t *physical;

    view_path(prefix, e, file, &path);
    for (const char *s = buf_text(&path); *s; s++) {
        if (strchr(plain, *s))
            buf_putc(&uri, *s);
        else
            buf_printf(&uri, "%%%02X", (unsigned char)*s);
    }
    physical = json_pack("{s:{s:s}}", "artifactLocation", "uri", buf_text(&uri));
    if (line > 0)
        json_object_set_new(physical, "region", json_pack("{s:I}", "startLine", (json_int_t)line));
    buf_release(&path);
    buf_release(&uri);
    return json_pack("{s:o}", "physicalLocation", physical);
}

/* Which thread a finding is about: its "task", or the first "thread N" of its text; 0: unknown. */
static long task_of(const json_t *finding)
{
    const char *at = strstr(view_text(finding, "text"), "thread ");
    const json_t *task = json_object_get(finding, "task");
    long number;

    if (json_is_integer(task))
        return (long)json_integer_value(task);
    number = at ? strtol(at + strlen("thread "), NULL, 10) : 0;
    return number > 0 && number < 10000 ? number : 0;
}

/* The flow of a thread in `flows`, begun when it is the first step of that thread. */
static json_t *flow_of(json_t *flows, long task)
{
    char id[32];
    json_t *flow;
    size_t i;

    snprintf(id, sizeof id, task ? "thread %ld" : "program", task);
    json_array_foreach (flows, i, flow)
        if (!strcmp(view_text(flow, "id"), id))
            return json_object_get(flow, "locations");
    flow = json_pack("{s:s, s:[]}", "id", id, "locations");
    json_array_append_new(flows, flow);
    return json_object_get(flow, "locations");
}

static void add_code_flow(json_t *code_flows, const json_t *findings, const struct view_exercise *e,
    const struct report_context *ctx)
{
    json_t *flows = json_array();
    const json_t *finding;
    json_int_t order = 0;
    size_t i;

    json_array_foreach (findings, i, finding) {
        const char *file = view_text(finding, "file");
        double line = view_number(finding, "line");
        json_t *where;

        if (!*file || line < 1 || line > 1e7)
            continue;
        where = location(e, file, (long)line, ctx->prefix);
        json_object_set_new(where, "message", message(view_text(finding, "text")));
        json_array_append_new(flow_of(flows, task_of(finding)),
            json_pack("{s:o, s:I}", "location", where, "executionOrder", ++order));
    }
    if (order > 0)
        json_array_append_new(code_flows, json_pack("{s:O}", "threadFlows", flows));
    json_decref(flows);
}

static json_t *code_flows(
    const struct view_exercise *e, const struct view_check *c, const struct report_context *ctx)
{
    json_t *all = json_array();
    const json_t *outcome;
    size_t i;

    add_code_flow(all, json_object_get(c->json, "findings"), e, ctx);
    json_array_foreach (c->outcomes, i, outcome)
        if (view_failed(outcome))
            add_code_flow(all, json_object_get(outcome, "findings"), e, ctx);
    return all;
}

static json_t *check_result(const struct view_exercise *e, const struct view_check *c,
    const struct report_context *ctx, size_t rule)
{
    struct buf text = BUF_EMPTY, own = BUF_EMPTY, name = BUF_EMPTY;
    const char *file = "";
    long line = view_place(c, &file);
    json_t *flows = code_flows(e, c, ctx), *result;

    view_file(e, &own);
    writers_message(c, &text);
    buf_printf(&name, "%s/%s@%s", e->id, c->test, c->tool);
    result = json_pack("{s:s, s:i, s:s, s:o, s:[o], s:{s:o}}", "ruleId", verdict_name(c->verdict),
        "ruleIndex", (int)rule, "level", c->verdict == VERDICT_NOT_IMPLEMENTED ? "note" : "error",
        "message", message(buf_text(&text)), "locations",
        location(e, line > 0 ? file : buf_text(&own), line, ctx->prefix), "partialFingerprints",
        "interleaveCheck/v1", view_clean_line(buf_text(&name)));
    if (json_array_size(flows))
        json_object_set(result, "codeFlows", flows);
    json_decref(flows);
    buf_release(&text);
    buf_release(&own);
    buf_release(&name);
    return result;
}

/* The rule of a verdict, added when it is the first of its kind; its index. */
static size_t rule_of(json_t *rules, enum verdict v)
{
    const json_t *rule;
    size_t i;

    json_array_foreach (rules, i, rule)
        if (!strcmp(view_text(rule, "id"), verdict_name(v)))
            return i;
    json_array_append_new(rules, json_pack("{s:s, s:o}", "id", verdict_name(v), "shortDescription",
                                     message(verdict_meaning(v))));
    return json_array_size(rules) - 1;
}

static json_t *notification(const char *text)
{
    return json_pack("{s:s, s:o}", "level", "error", "message", message(text));
}

int report_sarif(
    const json_t *result, const struct report_context *ctx, struct buf *out, struct buf *err)
{
    struct view_result r = view_result(result);
    json_t *rules = json_array(), *results = json_array(), *notes = json_array();
    const char *version = *r.kit ? r.kit : ctx->version ? ctx->version : "0";

    if (*r.error)
        json_array_append_new(notes, notification(r.error));
    for (size_t i = 0; i < r.n_exercises; i++) {
        struct view_exercise e = view_exercise_at(&r, i);

        for (size_t k = 0; k < e.n_checks; k++) {
            struct view_check c = view_check_at(&e, k);
            struct buf text = BUF_EMPTY;

            writers_message(&c, &text);
            if (c.verdict == VERDICT_HARNESS_ERROR)
                json_array_append_new(notes, notification(buf_text(&text)));
            else if (c.verdict != VERDICT_PASS && c.verdict != VERDICT_NOT_RUN)
                json_array_append_new(
                    results, check_result(&e, &c, ctx, rule_of(rules, c.verdict)));
            buf_release(&text);
        }
    }
    return writers_dump(
        json_pack("{s:s, s:s, s:[{s:{s:{s:s, s:o, s:o}}, s:[{s:b, s:o}], s:s, s:o}]}", "$schema",
            SCHEMA, "version", "2.1.0", "runs", "tool", "driver", "name", "Interleave", "version",
            view_clean_line(version), "rules", rules, "invocations", "executionSuccessful",
            r.complete, "toolExecutionNotifications", notes, "columnKind", "utf16CodeUnits",
            "results", results),
        JSON_INDENT(2), out, err);
}
