/* SPDX-License-Identifier: MIT */
#include "lab/tally.h"

#include "base/io.h"

#include <stdlib.h>
#include <string.h>

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
        .verdict = VERDICT_PASS,
        .began_ms = io_now_ms(),
    };
    evidence_init(&t->evidence);
}

void tally_outcomes(
    struct tally *t, const char *scenario, const char *args, const struct outcome_list *l)
{
    for (size_t i = 0; i < l->count; i++)
        if (weight[l->items[i].verdict] > weight[t->verdict])
            t->verdict = l->items[i].verdict;
    evidence_add(&t->evidence, scenario, args, l);
}

void tally_assertion(struct tally *t, bool holds, const char *message, long outcome)
{
    t->assertions++;
    if (holds)
        return;
    if (!message)
        message = "an assertion failed";
    if (!t->failures++)
        t->failure = xstrdup(message);
    evidence_complain(&t->evidence, outcome, message);
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
    char *repeat = xasprintf(
        "lab check %s --tool %s --test %s", exercise->id, check->under, check->test);
    json_t *row = json_object();

    set(row, "id", id);
    set(row, "tool", check->under);
    set(row, "title", check->title);
    set(row, "verdict", verdict_name(verdict));
    json_object_set_new(row, "score", json_real(verdict == VERDICT_PASS ? check->points : 0));
    json_object_set_new(row, "max_score", json_real(check->points));
    json_object_set_new(row, "duration_ms", json_integer(0));
    set(row, "message",
        message                   ? message
        : verdict == VERDICT_PASS ? ""
                                  : verdict_meaning(verdict));
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

/* The outcome that stands for the verdict, and the run that it is of. */
struct decision {
    const struct evidence_run *run; /* NULL: no outcome decides */
    const json_t *outcome;
    const char *verdict; /* of the outcome; NULL: what the judge said against it */
};

static struct decision decide(const struct tally *t, enum verdict v)
{
    struct decision d = {0};

    if (v == VERDICT_PASS || v == VERDICT_HARNESS_ERROR)
        return d;
    d.outcome = v == VERDICT_WRONG ? evidence_decides(&t->evidence, NULL, &d.run) : NULL;
    if (d.outcome)
        return d;
    d.verdict = verdict_name(v);
    d.outcome = evidence_decides(&t->evidence, d.verdict, &d.run);
    return d;
}

static const char *text_of(const struct tally *t, enum verdict v, const struct decision *d)
{
    const char *complaint = json_string_value(json_object_get(d->outcome, "complaint"));
    const char *text = json_string_value(json_object_get(d->outcome, "text"));

    if (v == VERDICT_WRONG && !d->verdict)
        return complaint ? complaint : t->failure;
    return text ? text : verdict_meaning(v);
}

static char *message_of(const struct tally *t, enum verdict v, const struct decision *d)
{
    const char *text = text_of(t, v, d);

    if (v == VERDICT_HARNESS_ERROR)
        return xstrdup(t->error ? t->error : "The judge ended without saying whether this holds.");
    if (t->explore && d->run && d->run->count > 1)
        return xasprintf("%s (in %ld of %ld interleavings)", text,
            evidence_failing(&t->evidence, d->run, d->verdict), d->run->count);
    return xstrdup(text);
}

/* What stands in the student's own file comes first. */
static json_t *findings_of(const struct tally *t, const json_t *outcome)
{
    json_t *result = json_array(), *finding;
    size_t i;

    for (int own = 1; own >= 0; own--)
        json_array_foreach (json_object_get(outcome, "findings"), i, finding) {
            const char *file = json_string_value(json_object_get(finding, "file"));

            if ((file && !strcmp(file, t->exercise->edit)) == own)
                json_array_append(result, finding);
        }
    return result;
}

static void set_decision(const struct tally *t, json_t *row, const struct decision *d)
{
    const char *schedule = json_string_value(json_object_get(d->outcome, "schedule"));
    char *words = schedule ? evidence_words(d->run, t->seed, schedule) : NULL;

    json_object_set_new(row, "findings", findings_of(t, d->outcome));
    set(row, "schedule", words);
    free(words);
}

/* A row that failed under explore shows the run in which it did; others show what all runs did. */
static void set_evidence(const struct tally *t, json_t *row, const struct evidence_run *run)
{
    json_t *notes = evidence_notes(&t->evidence, run);

    if (t->explore)
        json_object_set_new(
            row, "interleavings", json_integer(evidence_interleavings(&t->evidence, run)));
    json_object_set_new(row, "outcomes", evidence_outcomes(&t->evidence, t->explore ? run : NULL));
    if (json_array_size(notes))
        json_object_set(row, "notes", notes);
    json_decref(notes);
}

json_t *tally_row(struct tally *t, bool passed)
{
    enum verdict v = verdict_of(t, passed);
    struct decision d = decide(t, v);
    char *message = v == VERDICT_PASS ? evidence_claim(&t->evidence) : message_of(t, v, &d);
    json_t *row = tally_plain_row(t->exercise, t->check, v, message);

    json_object_set_new(row, "duration_ms", json_integer(io_now_ms() - t->began_ms));
    json_object_set_new(row, "assertions", json_integer(t->assertions));
    if (d.outcome)
        set_decision(t, row, &d);
    if (v != VERDICT_HARNESS_ERROR)
        set_evidence(t, row, d.run);
    free(message);
    return row;
}

void tally_release(struct tally *t)
{
    evidence_release(&t->evidence);
    free(t->failure);
    free(t->error);
    *t = (struct tally){0};
}
