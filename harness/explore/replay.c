/* SPDX-License-Identifier: MIT */
#include "explore/replay.h"

#include "explore/shorten.h"
#include "explore/sites.h"

#include <stdlib.h>
#include <string.h>

enum { RUNS_IN_ALL = 1200, RUNS_FOR_ONE = 250 };

/* What the replays after one search share. */
struct retelling {
    struct search *search;
    struct shortener shortener;
    struct lines *lines; /* NULL: no debug information */
    unsigned hash;
    bool has_hash;
};

static int set_schedule(struct retelling *t, struct seen *seen, struct schedule *s, struct buf *err)
{
    const struct execution *x = shorten_run(&t->shortener, s, 0, err);
    struct buf text = BUF_EMPTY;

    if (!x)
        return -1;
    if (!shorten_same(&t->shortener, x, seen->key))
        return 0; /* does not repeat: rather no schedule than a wrong one */
    s->hash = t->hash;
    s->has_hash = t->has_hash;
    schedule_print(s, &text);
    seen->outcome.schedule = buf_detach(&text);
    seen->outcome.steps = x->result->n_events;
    seen->outcome.preemptions = (int)x->result->preemptions;
    sites_tell(x, t->lines, &seen->outcome);
    return 0;
}

/* What was ended by the clock left no record that is whole, and each try would take a second more.
 */
static bool can_be_told(const struct seen *seen)
{
    return seen->end != END_CPU && seen->end != END_STUCK && seen->end != END_NONE;
}

static bool any_can_be_told(const struct outcome_set *set)
{
    for (size_t i = 0; i < set->count; i++)
        if (can_be_told(&set->items[i]))
            return true;
    return false;
}

static int tell_one(struct retelling *t, struct seen *seen, struct buf *err)
{
    struct watch_set known = {t->search->watches, t->search->n_watches};
    struct schedule s = SCHEDULE_EMPTY;
    long left = t->shortener.runs_left;
    int result = shorten_translate(&t->shortener, seen, &known, &s, err);

    if (result == 0 && t->search->options->minimise) {
        long spare = left > RUNS_FOR_ONE ? left - RUNS_FOR_ONE : 0;

        t->shortener.runs_left -= spare;
        result = shorten(&t->shortener, seen->key, &s, err);
        t->shortener.runs_left += spare;
    }
    if (result == 0)
        result = set_schedule(t, seen, &s, err);
    schedule_release(&s);
    return result < 0 ? -1 : 0;
}

int replay_outcomes(struct search *s, struct buf *err)
{
    struct retelling t = {.search = s,
        .shortener = {.executor = s->executor,
            .spurious = s->options->spurious,
            .races_fail = s->options->races_fail,
            .runs_left = RUNS_IN_ALL}};
    int result;

    if (!any_can_be_told(&s->outcomes))
        return 0;
    t.lines = lines_open(s->program->path, NULL);
    t.has_hash = !schedule_hash(s->program->path, &t.hash, NULL);
    result = calibrate(s->executor, &t.shortener.base, err);
    for (int failing = 1; failing >= 0; failing--)
        for (size_t i = 0; i < s->outcomes.count && !result; i++)
            if (outcome_failed(&s->outcomes.items[i].outcome) == failing &&
                can_be_told(&s->outcomes.items[i]))
                result = tell_one(&t, &s->outcomes.items[i], err);
    watch_set_release(&t.shortener.base);
    lines_close(t.lines);
    return result;
}

/* What does not fit. A schedule that is followed to its end and was made for another version of the
 * program may still lead somewhere else. */
static char *remark_on(
    const struct execution *x, const struct schedule *s, const struct explore_program *p)
{
    unsigned hash;
    bool other = s->has_hash && !schedule_hash(p->path, &hash, NULL) && hash != s->hash;
    const char *changed = other ? "The program has changed since this schedule was written. " : "";

    if (x->result->end == END_DIVERGED && s->moves)
        return xasprintf("%sThe moves do not fit this program: %s.", changed, x->result->text);
    if (x->result->end == END_DIVERGED)
        return xasprintf("%sThe schedule and the program part after choice %d of %u.", changed,
            x->result->code - 1, s->length);
    if (x->result->used_prefix < s->length)
        return xasprintf("%sThe program ended after %u of the schedule's %u %s.", changed,
            x->result->used_prefix, s->length, s->moves ? "moves" : "choices");
    return other ? xasprintf("%sIt still fits; this is what it leads to now.", changed) : NULL;
}

static int run_schedule(const struct explore_program *p, const struct explore_options *o,
    const struct schedule *s, struct replay *ret, struct buf *err)
{
    struct shortener sh = {
        .executor = ret->executor, .spurious = o->spurious, .races_fail = o->races_fail};
    const struct execution *x = NULL;
    struct lines *lines = lines_open(p->path, NULL);
    char *key = NULL;
    int result = -1;

    if (!calibrate(ret->executor, &sh.base, err))
        x = shorten_run(&sh, s, PLAN_KEEP_OUTPUT, err);
    if (x && !outcome_of_execution(x, o->races_fail, &ret->outcome, &key, err)) {
        executor_fetch(ret->executor);
        sites_tell(x, lines, &ret->outcome);
        ret->execution = *x;
        ret->remark = remark_on(x, s, p);
        result = 0;
    }
    free(key);
    lines_close(lines);
    watch_set_release(&sh.base);
    return result;
}

int replay_schedule(const struct explore_program *p, const struct explore_options *o,
    const char *schedule, struct replay *ret, struct buf *err)
{
    struct schedule s = SCHEDULE_EMPTY;
    struct replay r = REPLAY_EMPTY;
    int result;

    if (schedule_parse(schedule, &s, err))
        return -1;
    r.executor = executor_start(p, -1, err);
    result = r.executor ? run_schedule(p, o, &s, &r, err) : -1;
    schedule_release(&s);
    if (result)
        replay_release(&r);
    else
        *ret = r;
    return result;
}

int replay_until(const struct explore_program *p, const struct explore_options *o,
    const char *schedule, uint32_t at, void (*look)(void *arg, int pid), void *arg, struct buf *err)
{
    struct schedule s = SCHEDULE_EMPTY;
    struct shortener sh = {.spurious = o->spurious, .races_fail = o->races_fail};
    struct explore_program program = *p;
    int result = -1;

    if (schedule_parse(schedule, &s, err))
        return -1;
    program.real_threads = true;
    sh.executor = executor_start(&program, -1, err);
    if (sh.executor && !calibrate(sh.executor, &sh.base, err)) {
        executor_on_pause(sh.executor, look, arg);
        sh.pause_at = at;
        result = shorten_run(&sh, &s, PLAN_KEEP_OUTPUT, err) ? 0 : -1;
    }
    executor_stop(sh.executor);
    watch_set_release(&sh.base);
    schedule_release(&s);
    return result;
}

void replay_release(struct replay *r)
{
    outcome_release(&r->outcome);
    free(r->remark);
    executor_stop(r->executor);
    *r = REPLAY_EMPTY;
}
