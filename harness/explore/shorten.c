/* SPDX-License-Identifier: MIT */
#include "explore/shorten.h"

#include <stdlib.h>
#include <string.h>

/* A longer execution counts as several. */
enum { STEPS_OF_A_RUN = 1000, LONG = 200 /* choices */ };

static struct watch_set with_extras(const struct shortener *sh, const struct schedule *s)
{
    struct watch_set w = WATCH_SET_EMPTY;

    for (uint32_t i = 0; i < sh->base.count; i++)
        watch_set_add(&w, &sh->base.items[i]);
    for (uint32_t i = 0; i < s->n_watches; i++)
        watch_set_add(&w, &s->watches[i]);
    return w;
}

static const struct execution *run_over(struct shortener *sh, const struct watch_set *w,
    const struct schedule *s, uint32_t flags, struct buf *err)
{
    struct trace_plan *plan = executor_plan(sh->executor);
    const struct execution *x;

    watch_set_plan(w, plan, sh->spurious);
    plan->flags = flags | (s->moves ? PLAN_MOVES : 0);
    plan->policy = POLICY_STAY;
    plan->pause_at = sh->pause_at;
    plan->n_prefix = s->length < TRACE_PREFIX ? s->length : TRACE_PREFIX;
    if (s->length)
        memcpy(plan->prefix, s->tasks, plan->n_prefix);
    x = executor_run(sh->executor, err);
    sh->runs_left -= 1 + (x ? (long)x->result->n_events / STEPS_OF_A_RUN : 0);
    return x;
}

const struct execution *shorten_run(
    struct shortener *sh, const struct schedule *s, uint32_t flags, struct buf *err)
{
    struct watch_set w = with_extras(sh, s);
    const struct execution *x = run_over(sh, &w, s, flags, err);

    watch_set_release(&w);
    return x;
}

bool shorten_same(const struct shortener *sh, const struct execution *x, const char *key)
{
    struct outcome o = OUTCOME_EMPTY;
    char *its = NULL;
    bool same = x->result->end != END_PRUNED && x->result->end != END_DIVERGED &&
                !outcome_of_execution(x, sh->races_fail, &o, &its, NULL) && !strcmp(its, key);

    free(its);
    outcome_release(&o);
    return same;
}

/* The tasks of all steps that are visible in the set, choices or not. */
static struct schedule steps_of(const struct execution *x, const struct watch_set *w)
{
    struct schedule s = SCHEDULE_EMPTY;

    for (uint32_t i = 0; i < x->result->n_events; i++)
        if (!(x->events[i].flags & EVENT_NOTE) && watch_set_shows(w, &x->events[i].op))
            schedule_append(&s, x->events[i].task);
    return s;
}

/* Executes the steps over base and extras; on the same outcome its choices are the schedule. */
static int retell(struct shortener *sh, const struct execution *original, const char *key,
    struct schedule *ret, struct buf *err)
{
    struct watch_set w = with_extras(sh, ret);
    struct schedule steps = steps_of(original, &w);
    const struct execution *x = run_over(sh, &w, &steps, PLAN_BY_STEP | PLAN_TOLERANT, err);
    int result = !x ? -1 : !shorten_same(sh, x, key);

    if (result == 0)
        schedule_of(ret, x);
    schedule_release(&steps);
    watch_set_release(&w);
    return result;
}

static void add_extras(
    const struct shortener *sh, const struct watch_set *known, struct schedule *s)
{
    for (uint32_t i = 0; i < known->count && s->n_watches < SCHEDULE_WATCHES; i++)
        if (!watch_set_has(&sh->base, &known->items[i]))
            s->watches[s->n_watches++] = known->items[i];
}

/* A copy of the events survives the next run. */
static struct execution keep(const struct execution *x, struct trace_result *result)
{
    struct execution copy = *x;
    size_t size = x->result->n_events * sizeof(*x->events);
    struct trace_event *events = xcalloc(1, size + 1);

    memcpy(events, x->events, size);
    *result = *x->result;
    copy.result = result;
    copy.events = events;
    return copy;
}

int shorten_translate(struct shortener *sh, const struct seen *seen, const struct watch_set *known,
    struct schedule *ret, struct buf *err)
{
    struct watch_set then = {known->items, seen->n_watches};
    uint32_t flags = seen->plan_flags & PLAN_WATCH_ALL;
    const struct execution *x = run_over(sh, &then, &seen->schedule, flags, err);
    struct trace_result result;
    struct execution original;
    int status;

    if (!x)
        return -1;
    if (!shorten_same(sh, x, seen->key))
        return 1;
    original = keep(x, &result);
    status = retell(sh, &original, seen->key, ret, err);
    if (status == 1) {
        add_extras(sh, known, ret);
        status = ret->n_watches ? retell(sh, &original, seen->key, ret, err) : 1;
    }
    free((void *)(uintptr_t)original.events);
    return status;
}

/* Choices up to the last one that has to be said. */
static struct schedule needed_choices(const struct execution *x)
{
    struct schedule s = SCHEDULE_EMPTY;
    uint32_t needed = 0;

    for (uint32_t i = 0; i < x->result->n_events; i++) {
        const struct trace_event *e = &x->events[i];

        if (!(e->flags & EVENT_CHOICE))
            continue;
        schedule_append(&s, e->task);
        if (!(e->flags & EVENT_DEFAULT))
            needed = s.length;
    }
    s.length = needed;
    return s;
}

struct cost {
    uint32_t preemptions, switches, events;
};

static struct cost cost_of(const struct execution *x)
{
    struct cost c = {x->result->preemptions, 0, x->result->n_events};

    for (uint32_t i = 1; i < x->result->n_events; i++)
        c.switches += x->events[i].task != x->events[i - 1].task;
    return c;
}

static bool is_less(const struct cost *a, const struct cost *b)
{
    if (a->preemptions != b->preemptions)
        return a->preemptions < b->preemptions;
    return a->switches != b->switches ? a->switches < b->switches : a->events < b->events;
}

/* The segment (choices of the same task in a row) that begins at `at`: where it ends. */
static uint32_t segment_end(const struct schedule *s, uint32_t at)
{
    uint32_t end = at;

    while (end < s->length && s->tasks[end] == s->tasks[at])
        end++;
    return end;
}

/* `s` with the segments at `at` and behind it exchanged. */
static struct schedule exchanged(const struct schedule *s, uint32_t at)
{
    uint32_t middle = segment_end(s, at), end = segment_end(s, middle);
    struct schedule result = SCHEDULE_EMPTY;

    schedule_copy(&result, s);
    memcpy(result.tasks + at, s->tasks + middle, end - middle);
    memcpy(result.tasks + at + (end - middle), s->tasks + at, middle - at);
    return result;
}

static struct schedule without(const struct schedule *s, uint32_t at, uint32_t end)
{
    struct schedule result = SCHEDULE_EMPTY;

    memcpy(result.watches, s->watches, sizeof(s->watches));
    result.n_watches = s->n_watches;
    for (uint32_t i = 0; i < s->length; i++)
        if (i < at || i >= end)
            schedule_append(&result, s->tasks[i]);
    return result;
}

/* Takes over the candidate when it leads to the same outcome at less cost. It is released. */
static int attempt(struct shortener *sh, const char *key, struct schedule *s, struct cost *cost,
    struct schedule candidate, struct buf *err)
{
    const struct execution *x = shorten_run(sh, &candidate, PLAN_TOLERANT, err);
    struct schedule choices;
    struct cost its;
    int result = 0;

    if (x && shorten_same(sh, x, key)) {
        its = cost_of(x);
        choices = needed_choices(x);
        if (is_less(&its, cost) || (!is_less(cost, &its) && choices.length < s->length)) {
            memcpy(choices.watches, s->watches, sizeof(s->watches));
            choices.n_watches = s->n_watches;
            schedule_release(s);
            *s = choices;
            *cost = its;
            result = 1;
        } else {
            schedule_release(&choices);
        }
    }
    schedule_release(&candidate);
    return x ? result : -1;
}

/* One round over all segments: leave it out, or let the next one come first. */
static int round_of(
    struct shortener *sh, const char *key, struct schedule *s, struct cost *cost, struct buf *err)
{
    int improved = 0;

    for (uint32_t at = 0; at < s->length && sh->runs_left > 0;) {
        uint32_t end = segment_end(s, at);
        int result = attempt(sh, key, s, cost, without(s, at, end), err);

        if (result == 0 && end < s->length && sh->runs_left > 0)
            result = attempt(sh, key, s, cost, exchanged(s, at), err);
        if (result < 0)
            return -1;
        if (result == 1)
            improved = 1;
        else
            at = end;
    }
    return improved;
}

/* Choices before the first finding is complete. */
static struct schedule choices_until_found(const struct execution *x, const struct schedule *s)
{
    uint32_t end = UINT32_MAX, n = 0;

    for (uint32_t i = 0; i < x->result->n_findings; i++)
        if (x->findings[i].access[0].event < end)
            end = x->findings[i].access[0].event;
    for (uint32_t i = 0; i < x->result->n_events && i <= end; i++)
        n += (x->events[i].flags & EVENT_CHOICE) != 0;
    return without(s, n < s->length ? n : s->length, s->length);
}

/* What was found near the beginning of a long execution needs no more than that. */
static int cut(
    struct shortener *sh, const char *key, struct schedule *s, struct cost *cost, struct buf *err)
{
    const struct execution *x = shorten_run(sh, s, PLAN_TOLERANT, err);

    return x ? attempt(sh, key, s, cost, choices_until_found(x, s), err) : -1;
}

int shorten(struct shortener *sh, const char *key, struct schedule *s, struct buf *err)
{
    struct cost cost = {UINT32_MAX, UINT32_MAX, UINT32_MAX};
    struct schedule whole = SCHEDULE_EMPTY;
    int improved;

    if (s->length > LONG && cut(sh, key, s, &cost, err) < 0)
        return -1;
    schedule_copy(&whole, s);
    improved = attempt(sh, key, s, &cost, whole, err);
    while (improved > 0 && sh->runs_left > 0)
        improved = round_of(sh, key, s, &cost, err);
    return improved < 0 ? -1 : 0;
}
