/* SPDX-License-Identifier: MIT */
#include "lab/evidence.h"

#include "lab/replaying.h"

#include <stdlib.h>
#include <string.h>

enum { OUTCOMES_SHOWN = 40 };

void evidence_init(struct evidence *e)
{
    *e = (struct evidence){.outcomes = json_array()};
}

void evidence_add(
    struct evidence *e, const char *scenario, const char *args, const struct outcome_list *l)
{
    struct evidence_run *run;

    e->runs = xrealloc(e->runs, (e->n_runs + 1) * sizeof(*e->runs));
    run = &e->runs[e->n_runs++];
    *run = (struct evidence_run){.scenario = xstrdup(scenario ? scenario : ""),
        .args = xstrdup(args ? args : ""),
        .claim = l->claim ? xstrdup(l->claim) : NULL,
        .complete = l->complete,
        .replayed = l->replayed,
        .first = json_array_size(e->outcomes),
        .n = l->count};
    for (size_t i = 0; i < l->count; i++) {
        run->count += l->items[i].count;
        json_array_append_new(e->outcomes, outcome_to_json(&l->items[i]));
    }
}

void evidence_complain(struct evidence *e, long outcome, const char *message)
{
    json_t *o = outcome < 0 ? NULL : json_array_get(e->outcomes, (size_t)outcome);

    if (!o || json_object_get(o, "complaint"))
        return;
    json_object_set_new(o, "failed", json_true());
    json_object_set_new(o, "complaint", json_string(message));
}

static bool failed(const json_t *o, const char *verdict)
{
    if (!verdict)
        return json_is_true(json_object_get(o, "failed"));
    return !strcmp(json_string_value(json_object_get(o, "verdict")), verdict);
}

static long number(const json_t *o, const char *key)
{
    return (long)json_integer_value(json_object_get(o, key));
}

/* One that cannot be replayed is the last to be shown. */
static bool is_simpler(const json_t *a, const json_t *b)
{
    bool shows = json_object_get(a, "schedule") != NULL;

    long switches = number(a, "preemptions") - number(b, "preemptions");

    if (shows != (json_object_get(b, "schedule") != NULL))
        return shows;
    return switches ? switches < 0 : number(a, "steps") < number(b, "steps");
}

json_t *evidence_decides(
    const struct evidence *e, const char *verdict, const struct evidence_run **ret)
{
    json_t *best = NULL;

    for (const struct evidence_run *run = e->runs; !best && run < e->runs + e->n_runs; run++)
        for (size_t i = run->first; i < run->first + run->n; i++) {
            json_t *o = json_array_get(e->outcomes, i);

            if (!failed(o, verdict) || (best && !is_simpler(o, best)))
                continue;
            best = o;
            *ret = run;
        }
    return best;
}

long evidence_failing(const struct evidence *e, const struct evidence_run *run, const char *verdict)
{
    long sum = 0;

    for (size_t i = run->first; i < run->first + run->n; i++)
        if (failed(json_array_get(e->outcomes, i), verdict))
            sum += number(json_array_get(e->outcomes, i), "count");
    return sum;
}

long evidence_interleavings(const struct evidence *e, const struct evidence_run *only)
{
    long sum = 0;

    for (const struct evidence_run *run = e->runs; run < e->runs + e->n_runs; run++)
        if (!only || run == only)
            sum += run->count;
    return sum;
}

static bool is_bad(const json_t *o)
{
    return failed(o, NULL) || !failed(o, "PASS");
}

json_t *evidence_outcomes(const struct evidence *e, const struct evidence_run *run)
{
    size_t first = run ? run->first : 0,
           end = run ? run->first + run->n : json_array_size(e->outcomes);
    json_t *shown = json_array();

    for (int bad = 1; bad >= 0; bad--)
        for (size_t i = first; i < end && json_array_size(shown) < OUTCOMES_SHOWN; i++)
            if (is_bad(json_array_get(e->outcomes, i)) == bad)
                json_array_append(shown, json_array_get(e->outcomes, i));
    return shown;
}

/* Parts of a sentence with "; " between them, none of them twice. */
static void add_part(struct buf *sentence, const char *part)
{
    if (strstr(buf_text(sentence), part))
        return;
    buf_printf(sentence, "%s%s", sentence->length ? "; " : "", part);
}

static void add_count(struct buf *sentence, long count, const char *one, const char *many)
{
    char *part = count > 1 ? xasprintf(many, count) : xstrdup(one);

    if (count)
        add_part(sentence, part);
    free(part);
}

char *evidence_claim(const struct evidence *e)
{
    struct buf sentence = BUF_EMPTY;
    long explored = 0, alone = 0, replayed = 0;
    bool searched = false;

    for (const struct evidence_run *run = e->runs; run < e->runs + e->n_runs; run++) {
        searched |= run->claim != NULL;
        if (run->replayed)
            replayed += run->count;
        else if (run->complete && run->count == 1)
            alone = 1; /* one thread by itself: no news beside the others */
        else if (run->complete)
            explored += run->count;
    }
    if (!searched)
        return NULL;
    add_count(&sentence, explored ? explored : alone, "the only interleaving was explored",
        "all %ld interleavings explored");
    for (const struct evidence_run *run = e->runs; run < e->runs + e->n_runs; run++)
        if (run->claim && !run->complete && !run->replayed)
            add_part(&sentence, run->claim);
    add_count(&sentence, replayed, "one interleaving replayed", "%ld interleavings replayed");
    return buf_detach(&sentence);
}

json_t *evidence_notes(const struct evidence *e, const struct evidence_run *only)
{
    json_t *notes = json_array();

    for (const struct evidence_run *run = e->runs; run < e->runs + e->n_runs; run++) {
        if (!run->claim || (only && run != only))
            continue;
        char *note = xasprintf(
            "%s%s%s: %s", run->scenario, *run->args ? " " : "", run->args, run->claim);

        json_array_append_new(notes, json_string(note));
        free(note);
    }
    return notes;
}

char *evidence_words(const struct evidence_run *run, uint64_t seed, const char *schedule)
{
    return schedule_words_join(&(struct schedule_words){
        .scenario = run->scenario, .args = run->args, .seed = seed, .schedule = (char *)schedule});
}

void evidence_release(struct evidence *e)
{
    for (size_t i = 0; i < e->n_runs; i++) {
        free(e->runs[i].scenario);
        free(e->runs[i].args);
        free(e->runs[i].claim);
    }
    free(e->runs);
    json_decref(e->outcomes);
    *e = (struct evidence){0};
}
