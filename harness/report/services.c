/* SPDX-License-Identifier: MIT */
/*
 * The three grading services that read JSON: Gradescope, Autolab, Classroom 50.
 */
#include "report/show.h"
#include "report/writers.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static json_t *rounded(double number)
{
    double value = round(number * 100) / 100;

    if (!isfinite(value) || fabs(value) > 1e9)
        value = 0;
    return value == floor(value) ? json_integer((json_int_t)value) : json_real(value);
}

static json_t *gradescope_test(const struct view_exercise *e, const struct view_check *c,
    const char *position, const struct report_context *ctx)
{
    bool passed = c->verdict == VERDICT_PASS;
    struct buf name = BUF_EMPTY, story = BUF_EMPTY;
    json_t *test;

    buf_printf(&name, "%s: %s", e->id, c->title);
    if (!passed)
        writers_story(e, c, ctx, &story);
    test = json_pack("{s:o, s:o, s:s, s:o, s:s, s:s, s:s, s:s, s:[o, s], s:s, s:{s:o, s:s}}",
        "score", rounded(c->score), "max_score", rounded(c->max_score), "status",
        passed ? "passed" : "failed", "name", view_clean_line(buf_text(&name)), "name_format",
        "text", "number", position, "output", buf_text(&story), "output_format", "text", "tags",
        view_clean_line(c->tool), verdict_name(c->verdict), "visibility", "visible", "extra_data",
        "check", view_clean_line(c->id), "verdict", verdict_name(c->verdict));
    buf_release(&name);
    buf_release(&story);
    return test;
}

int report_gradescope(
    const json_t *result, const struct report_context *ctx, struct buf *out, struct buf *err)
{
    struct view_result r = view_result(result);
    struct buf table = BUF_EMPTY;
    struct report_context plain = *ctx;
    json_t *tests;

    if (writers_need_complete(&r, "Gradescope", err) < 0)
        return -1;
    tests = json_array();
    for (size_t i = 0; i < r.n_exercises; i++) {
        struct view_exercise e = view_exercise_at(&r, i);

        for (size_t k = 0; k < e.n_checks; k++) {
            struct view_check c = view_check_at(&e, k);
            char position[48];

            snprintf(position, sizeof position, "%zu.%zu", i + 1, k + 1);
            json_array_append_new(tests, gradescope_test(&e, &c, position, ctx));
        }
    }
    plain.colour = plain.guide = false;
    report_table(result, &plain, &table);
    result = json_pack("{s:o, s:I, s:s, s:s, s:s, s:s, s:s, s:s, s:{s:o, s:o, s:o}, s:o}", "score",
        rounded(r.score), "execution_time",
        (json_int_t)(r.duration_ms > 0 && r.duration_ms < 1e9 ? ceil(r.duration_ms / 1000) : 0),
        "output", buf_text(&table), "output_format", "text", "test_output_format", "text",
        "test_name_format", "text", "visibility", "visible", "stdout_visibility", "hidden",
        "extra_data", "submission", view_clean_line(r.submission), "kit", view_clean_line(r.kit),
        "sandbox", view_clean_line(r.sandbox), "tests", tests);
    buf_release(&table);
    return writers_dump((json_t *)result, JSON_INDENT(2), out, err);
}

static json_t *autolab_stage(const struct view_exercise *e)
{
    json_t *stage = json_object();

    for (size_t i = 0; i < e->n_checks; i++) {
        struct view_check c = view_check_at(e, i);
        struct buf name = BUF_EMPTY, hint = BUF_EMPTY;
        json_t *test = json_pack("{s:b}", "passed", c.verdict == VERDICT_PASS);

        view_check_name(&c, &name);
        if (c.verdict != VERDICT_PASS) {
            buf_printf(&hint, "%s: ", verdict_name(c.verdict));
            writers_message(&c, &hint);
            json_object_set_new(test, "hint", json_string(buf_text(&hint)));
        }
        json_object_set_new(stage, buf_text(&name), test);
        buf_release(&name);
        buf_release(&hint);
    }
    return stage;
}

/* Autolab leaves a problem that is not named here ungraded: just what an incomplete one is. */
int report_autolab(
    const json_t *result, const struct report_context *ctx, struct buf *out, struct buf *err)
{
    struct view_result r = view_result(result);
    json_t *stages = json_array(), *scores = json_object(), *last;
    json_t *first = json_pack("{s:s, s:O}", "_presentation", "semantic", "stages", stages);

    (void)ctx;
    for (size_t i = 0; i < r.n_exercises; i++) {
        struct view_exercise e = view_exercise_at(&r, i);
        struct buf name = BUF_EMPTY;

        show_line(&name, e.id);
        json_array_append_new(stages, json_string(buf_text(&name)));
        json_object_set_new(first, buf_text(&name), autolab_stage(&e));
        if (!e.count[VERDICT_HARNESS_ERROR] && e.n_checks)
            json_object_set_new(scores, buf_text(&name), rounded(e.score));
        buf_release(&name);
    }
    last = json_pack("{s:O}", "scores", scores);
    if (r.complete)
        json_object_set_new(last, "scoreboard", json_pack("[o]", rounded(r.score)));
    json_decref(stages);
    json_decref(scores);
    if (*r.error || r.n_exercises == 0) {
        json_decref(first);
        json_decref(last);
        return fail(err, "Nothing is reported to Autolab, because nothing was graded: %s",
            *r.error ? r.error : "the result has no exercises.");
    }
    if (writers_dump(first, JSON_COMPACT, out, err) < 0) {
        json_decref(last);
        return -1;
    }
    return writers_dump(last, JSON_COMPACT, out, err);
}

/* What only CI knows; the names are Classroom 50's own. */
static const struct {
    const char *name, *instead; /* another field that may stand in */
    bool required;
} classroom_fields[] = {
    {"classroom", NULL, true},
    {"assignment", NULL, true},
    {"assignment_type", NULL, true},
    {"owner", NULL, true},
    {"submission", NULL, true},
    {"commit", NULL, true},
    {"release", NULL, true},
    {"review", "commit", true},
    {"datetime", NULL, true},
    {"graded_at", NULL, false},
    {"submitted_by", NULL, false},
};

static int classroom_header(json_t *report, const struct report_context *ctx, struct buf *err)
{
    json_object_set_new(report, "schema", json_string("classroom50/result/v1"));
    for (size_t i = 0; i < sizeof classroom_fields / sizeof *classroom_fields; i++) {
        const char *name = classroom_fields[i].name;
        json_t *value = json_object_get(ctx->extra, name);

        if (!value && classroom_fields[i].instead)
            value = json_object_get(ctx->extra, classroom_fields[i].instead);
        if (value)
            json_object_set(report, name, value);
        else if (!strcmp(name, "assignment_type"))
            json_object_set_new(report, name, json_string("individual"));
        else if (!strcmp(name, "datetime") && ctx->now)
            json_object_set_new(report, name, json_string(ctx->now));
        else if (classroom_fields[i].required)
            return fail(err,
                "Classroom 50 wants the field `%s`, which only its runner knows: give it in the "
                "environment as the runner does.",
                name);
    }
    return 0;
}

/* Whole points only there. Each check is rounded down, never to a higher mark than it earned, and
 * the total is the sum of the checks, as the format's own graders have it. */
int report_classroom50(
    const json_t *result, const struct report_context *ctx, struct buf *out, struct buf *err)
{
    struct view_result r = view_result(result);
    json_t *report = json_object(), *tests = json_array();
    json_int_t score = 0, most = 0;

    for (size_t i = 0; i < r.n_exercises; i++) {
        struct view_exercise e = view_exercise_at(&r, i);

        for (size_t k = 0; k < e.n_checks; k++) {
            struct view_check c = view_check_at(&e, k);
            json_int_t points = (json_int_t)fmax(0, fmin(floor(c.score), 1e6));
            json_int_t possible = (json_int_t)fmax(0, fmin(ceil(c.max_score), 1e6));
            struct buf name = BUF_EMPTY, hint = BUF_EMPTY;

            points = points > possible ? possible : points;
            buf_printf(&name, "%s/%s@%s", e.id, c.test, c.tool);
            writers_message(&c, &hint);
            json_array_append_new(
                tests, json_pack("{s:o, s:b, s:I, s:I, s:s, s:s}", "test-name",
                           view_clean_line(buf_text(&name)), "passed", c.verdict == VERDICT_PASS,
                           "score", points, "max-score", possible, "verdict",
                           verdict_name(c.verdict), "message", buf_text(&hint)));
            score += points;
            most += possible;
            buf_release(&name);
            buf_release(&hint);
        }
    }
    json_object_set_new(report, "tests", tests);
    json_object_set_new(report, "score", json_integer(score));
    json_object_set_new(report, "max-score", json_integer(most));
    if (writers_need_complete(&r, "Classroom 50", err) < 0 ||
        classroom_header(report, ctx, err) < 0) {
        json_decref(report);
        return -1;
    }
    return writers_dump(report, JSON_INDENT(2) | JSON_SORT_KEYS, out, err);
}
