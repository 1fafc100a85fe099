/* SPDX-License-Identifier: MIT */
#include "lab/explore_json.h"

#include "lab/replaying.h"

#include <stdlib.h>
#include <string.h>

static const char *const endings[] = {
    "ok", "assert", "abort", "exit", "signal", "deadlock", "livelock", "race", "timeout"};

static const char *ending(const struct outcome *o)
{
    for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++)
        if (!strcmp(endings[i], o->ended))
            return endings[i];
    return "ok";
}

static json_t *text_or_null(const char *text)
{
    json_t *j = text ? json_string(text) : NULL;

    return j ? j : json_null();
}

static json_t *schedule_of_outcome(
    const struct exploration *e, const struct hunt *h, const struct outcome *o)
{
    const struct schedule_words w = {h->scenario, h->args, e->request->seed, o->schedule};
    char *words = o->schedule ? schedule_words_join(&w) : NULL;
    json_t *j = text_or_null(words);

    free(words);
    return j;
}

static json_t *outcome_of(const struct exploration *e, const struct hunt *h, size_t k)
{
    const struct outcome *o = &h->found.outcomes[k];
    json_t *plain = outcome_to_json(o);
    json_t *j = json_pack("{s:s, s:I, s:O, s:o, s:I, s:i, s:o, s:O}", "ended", ending(o), "count",
        (json_int_t)o->count, "facts", json_object_get(plain, "facts"), "schedule",
        schedule_of_outcome(e, h, o), "steps", (json_int_t)o->steps, "preemptions", o->preemptions,
        "text", text_or_null(hunt_complaint(h, k)), "findings", json_object_get(plain, "findings"));

    json_decref(plain);
    return j;
}

/* The execution in which something first was wrong with a hunt, for the search or for the judge;
 * 0: nothing was. */
static long first_failure(const struct hunt *h)
{
    long first = h->found.first_failure;

    for (size_t k = 0; k < h->found.n_outcomes; k++) {
        long its = h->found.outcomes[k].first ? h->found.outcomes[k].first : 1;

        if (hunt_complaint(h, k) && (!first || its < first))
            first = its;
    }
    return first;
}

/* Of all hunts together. */
struct sum {
    long executions;
    long first_failure; /* 0: none */
    int bound;          /* -1: none */
    bool complete;
    double seconds;
};

static struct sum sum_of(const struct exploration *e)
{
    struct sum s = {.complete = e->n_hunts > 0, .bound = -1};

    for (size_t i = 0; i < e->n_hunts; i++) {
        const struct explore_result *r = &e->hunts[i].found;

        if (!s.first_failure && first_failure(&e->hunts[i]))
            s.first_failure = s.executions + first_failure(&e->hunts[i]);
        s.executions += r->executions;
        if (r->executions_per_second > 0)
            s.seconds += (double)r->executions / r->executions_per_second;
        if (!r->complete && (s.complete || r->bound < s.bound))
            s.bound = r->bound;
        s.complete = s.complete && r->complete && !e->hunts[i].unseen;
    }
    s.complete = s.complete && !e->stopped;
    return s;
}

static void add_note(json_t *notes, const char *text)
{
    json_t *note;
    size_t i;

    json_array_foreach (notes, i, note)
        if (!strcmp(json_string_value(note), text))
            return;
    json_array_append_new(notes, text_or_null(text));
}

/* What limits the claim. */
static json_t *notes_of(const struct exploration *e)
{
    json_t *notes = json_array();

    if (e->target->note)
        add_note(notes, e->target->note);
    for (size_t i = 0; i < e->n_hunts; i++) {
        const struct explore_result *r = &e->hunts[i].found;

        if (r->weak_orders)
            add_note(notes, EXPLORE_WEAK_ORDERS);
        for (size_t k = 0; k < r->n_outcomes; k++)
            for (size_t f = 0; f < r->outcomes[k].n_findings; f++)
                if (!strcmp(r->outcomes[k].findings[f].kind, "note"))
                    add_note(notes, r->outcomes[k].findings[f].text);
    }
    return notes;
}

json_t *exploration_to_json(const struct exploration *e)
{
    const struct sum s = sum_of(e);
    json_t *outcomes = json_array();

    for (size_t i = 0; i < e->n_hunts; i++)
        for (size_t k = 0; k < e->hunts[i].found.n_outcomes; k++)
            json_array_append_new(outcomes, outcome_of(e, &e->hunts[i], k));
    return json_pack("{s:s, s:s, s:I, s:I, s:b, s:o, s:o, s:f, s:o, s:o}", "schema",
        "interleave/explore/1", "strategy", strategy_name(e->request->strategy), "seed",
        (json_int_t)e->request->seed, "executions", (json_int_t)s.executions, "complete",
        s.complete, "bound", s.bound < 0 ? json_null() : json_integer(s.bound), "first_failure",
        s.first_failure ? json_integer(s.first_failure) : json_null(), "executions_per_second",
        s.seconds > 0 ? (double)s.executions / s.seconds : 0.0, "notes", notes_of(e), "outcomes",
        outcomes);
}
