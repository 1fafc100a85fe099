/* SPDX-License-Identifier: MIT */
#include "lab/tally.h"

#include "base/io.h"

#include <stdlib.h>
#include <string.h>

enum { OUTCOMES_KEPT = 40 };

/* When outcomes and assertions say different things, the one that explains more speaks. A wrong
 * number under a schedule that we can show says more than "there is a race". */
static const int weight[VERDICT_COUNT] = {
    [VERDICT_PASS] = 0,
    [VERDICT_LEAK] = 2,
    [VERDICT_LEFTOVER] = 3,
    [VERDICT_RACE] = 4,
    [VERDICT_WRONG] = 5,
    [VERDICT_OUTPUT] = 6,
    [VERDICT_TIMEOUT] = 6,
    [VERDICT_PROCESSES] = 6,
    [VERDICT_MEMORY] = 6,
    [VERDICT_FORGED] = 7,
    [VERDICT_DEADLOCK] = 8,
    [VERDICT_CRASH] = 9,
    [VERDICT_MEMERR] = 10,
    [VERDICT_REJECTED] = 11,
    [VERDICT_COMPILE] = 12,
    [VERDICT_NOT_IMPLEMENTED] = 13,
    [VERDICT_HARNESS_ERROR] = 14,
};

void tally_begin(struct tally *t, const struct manifest *exercise, const struct check *check)
{
    *t = (struct tally){
        .exercise = exercise,
        .check = check,
        .explore = !strcmp(check->under, "explore"),
        .outcomes = json_array(),
        .findings = json_array(),
        .verdict = VERDICT_PASS,
        .failed_outcome = -1,
        .began_ms = io_now_ms(),
    };
}

static void decide(struct tally *t, enum verdict verdict, const char *text, json_t *findings)
{
    if (weight[verdict] <= weight[t->verdict])
        return;
    t->verdict = verdict;
    free(t->text);
    t->text = text ? xstrdup(text) : NULL;
    json_decref(t->findings);
    t->findings = findings ? json_deep_copy(findings) : json_array();
}

void tally_outcomes(struct tally *t, const struct outcome_list *l)
{
    for (size_t i = 0; i < l->count; i++) {
        json_t *j = outcome_to_json(&l->items[i]);

        decide(t, l->items[i].verdict, l->items[i].text, json_object_get(j, "findings"));
        if (json_array_size(t->outcomes) < OUTCOMES_KEPT)
            json_array_append_new(t->outcomes, j);
        else
            json_decref(j);
    }
    if (l->claim) {
        free(t->claim);
        t->claim = xstrdup(l->claim);
    }
}

void tally_assertion(struct tally *t, bool holds, const char *message, long outcome)
{
    t->assertions++;
    if (holds || t->failures++)
        return;
    t->failure = xstrdup(message ? message : "an assertion failed");
    t->failed_outcome = outcome;
}

void tally_error(struct tally *t, const char *sentence)
{
    if (!t->error)
        t->error = xstrdup(sentence);
}

static void set(json_t *row, const char *key, const char *text)
{
    if (text)
        json_object_set_new(row, key, json_string(text));
}

json_t *tally_plain_row(const struct manifest *exercise, const struct check *check,
    enum verdict verdict, const char *message)
{
    char *id = xasprintf("%s/%s", exercise->id, check->test);
    char *repeat = xasprintf("lab check %s --tool %s --test %s", exercise->id, check->under,
        check->test);
    json_t *row = json_object();

    set(row, "id", id);
    set(row, "tool", check->under);
    set(row, "title", check->title);
    set(row, "verdict", verdict_name(verdict));
    json_object_set_new(row, "score", json_real(verdict == VERDICT_PASS ? check->points : 0));
    json_object_set_new(row, "max_score", json_real(check->points));
    json_object_set_new(row, "duration_ms", json_integer(0));
    set(row, "message", message ? message : verdict == VERDICT_PASS ? "" : verdict_meaning(verdict));
    json_object_set_new(row, "findings", json_array());
    json_object_set_new(row, "outcomes", json_array());
    set(row, "needs", check->needs);
    set(row, "repeat", repeat);
    free(id);
    free(repeat);
    return row;
}

static enum verdict verdict_of(const struct tally *t, bool passed)
{
    enum verdict v = t->verdict;

    if (t->error)
        return VERDICT_HARNESS_ERROR;
    if (t->failures && weight[VERDICT_WRONG] > weight[v] && (v == VERDICT_PASS || t->explore))
        return VERDICT_WRONG;
    if (v == VERDICT_PASS && (!passed || t->assertions == 0))
        return VERDICT_HARNESS_ERROR;
    return v;
}

/* Which of the runs' schedules shows the failure. */
static const json_t *deciding_outcome(const struct tally *t, enum verdict v)
{
    size_t i;
    json_t *o;

    if (v == VERDICT_WRONG)
        return json_array_get(t->outcomes, t->failed_outcome < 0 ? 0 : (size_t)t->failed_outcome);
    json_array_foreach (t->outcomes, i, o)
        if (!strcmp(json_string_value(json_object_get(o, "verdict")), verdict_name(v)))
            return o;
    return NULL;
}

static char *message_of(const struct tally *t, enum verdict v, const json_t *deciding)
{
    const char *text = v == VERDICT_WRONG && t->failure ? t->failure : t->text;
    long long count = json_integer_value(json_object_get(deciding, "count")), all = 0;
    size_t i;
    json_t *o;

    if (v == VERDICT_HARNESS_ERROR)
        return xstrdup(t->error ? t->error : "The judge ended without saying whether this holds.");
    if (v == VERDICT_PASS)
        return xstrdup(t->claim ? t->claim : "");
    if (!text)
        text = verdict_meaning(v);
    json_array_foreach (t->outcomes, i, o)
        all += json_integer_value(json_object_get(o, "count"));
    if (t->explore && deciding && all > 1)
        return xasprintf("%s (in %lld of %lld interleavings)", text, count, all);
    return xstrdup(text);
}

json_t *tally_row(struct tally *t, bool passed)
{
    enum verdict v = verdict_of(t, passed);
    const json_t *deciding = v == VERDICT_PASS ? NULL : deciding_outcome(t, v);
    char *message = message_of(t, v, deciding);
    json_t *row = tally_plain_row(t->exercise, t->check, v, message);
    const json_t *findings = v == VERDICT_WRONG ? json_object_get(deciding, "findings") : t->findings;

    json_object_set_new(row, "duration_ms", json_integer(io_now_ms() - t->began_ms));
    json_object_set_new(row, "assertions", json_integer(t->assertions));
    if (v != VERDICT_PASS && findings)
        json_object_set_new(row, "findings", json_deep_copy(findings));
    if (v != VERDICT_HARNESS_ERROR)
        json_object_set(row, "outcomes", t->outcomes);
    set(row, "schedule", json_string_value(json_object_get(deciding, "schedule")));
    set(row, "notes", t->claim);
    free(message);
    return row;
}

void tally_release(struct tally *t)
{
    json_decref(t->outcomes);
    json_decref(t->findings);
    free(t->text);
    free(t->failure);
    free(t->claim);
    free(t->error);
    *t = (struct tally){0};
}
