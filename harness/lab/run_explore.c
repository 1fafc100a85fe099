/* SPDX-License-Identifier: MIT */
/* The part of run.h that speaks to the explorer: a search, a replay, one schedule for a judge. */
#include "explore/replay.h"
#include "lab/run_command.h"

#include <stdlib.h>
#include <string.h>

struct explore_options runner_explore_options(const struct runner *r)
{
    const struct manifest *m = r->spec.exercise;
    struct explore_options options = explore_options_default();

    options.seed = r->spec.seed;
    options.keep_going = true;
    options.races_fail = !m->explore_races || !strcmp(m->explore_races, "fail");
    options.spurious = m->explore_spurious >= 0 ? m->explore_spurious : 1;
    if (m->explore_schedules)
        options.schedules = m->explore_schedules;
    if (m->explore_preemptions)
        options.preemptions = m->explore_preemptions;
    return options;
}

int runner_explore(struct runner *r, const char *scenario, const char *args,
    const struct explore_options *options, struct explore_result *ret, struct buf *err)
{
    struct explore_program program = {.path = r->spec.program, .scenario = scenario, .args = args};
    struct run_command c;
    int result;

    run_command_prepare(&c, r);
    c.box.pin_cpu = true;
    program.box = &c.box;
    run_command_trace(r, &c, scenario, args, options);
    result = explore_search(&program, options, ret, err);
    run_command_release(&c);
    return result;
}

int runner_replay(struct runner *r, const char *scenario, const char *args,
    const struct explore_options *options, const char *schedule, struct replay *ret,
    struct buf *err)
{
    struct explore_program program = {.path = r->spec.program, .scenario = scenario, .args = args};
    struct run_command c;
    int result;

    run_command_prepare(&c, r);
    c.box.pin_cpu = true;
    program.box = &c.box;
    result = replay_schedule(&program, options, schedule, ret, err);
    run_command_release(&c);
    return result;
}

int runner_replay_until(struct runner *r, const char *scenario, const char *args,
    const struct explore_options *options, const char *schedule, uint32_t at,
    void (*look)(void *arg, int pid), void *arg, struct buf *err)
{
    struct explore_program program = {.path = r->spec.program, .scenario = scenario, .args = args};
    struct run_command c;
    int result;

    run_command_prepare(&c, r);
    c.box.pin_cpu = true;
    program.box = &c.box;
    result = replay_until(&program, options, schedule, at, look, arg, err);
    run_command_release(&c);
    return result;
}

/* Where races are what an exercise is about, they are no news to its judge. */
static void hush_races(struct outcome_list *l)
{
    for (size_t i = 0; i < l->count; i++) {
        struct outcome *o = &l->items[i], all = *o;

        o->findings = NULL;
        o->n_findings = 0;
        for (size_t k = 0; k < all.n_findings; k++) {
            const struct finding *f = &all.findings[k];

            if (strcmp(f->kind, "race"))
                outcome_add_finding(o, f->kind, f->file, f->line, f->text);
        }
        all = (struct outcome){.findings = all.findings, .n_findings = all.n_findings};
        outcome_release(&all);
    }
}

int runner_run_schedule(struct runner *r, const char *scenario, const char *args,
    const char *schedule, struct outcome_list *ret, struct buf *err)
{
    const struct explore_options options = runner_explore_options(r);
    struct replay found = REPLAY_EMPTY;

    if (r->spec.tool->side != SEAM_EXPLORE)
        return fail(err, "The judge replays a schedule under %s; only explore can do that.",
            r->spec.tool->name);
    if (runner_replay(r, scenario, args, &options, schedule, &found, err))
        return -1;
    if (found.remark) {
        fail(err, "%s", found.remark);
        replay_release(&found);
        return -1;
    }
    ret->items = xcalloc(1, sizeof(*ret->items));
    ret->items[0] = found.outcome;
    ret->items[0].schedule = xstrdup(schedule);
    ret->count = 1;
    ret->claim = xstrdup("one interleaving replayed");
    ret->replayed = true;
    if (!options.races_fail)
        hush_races(ret);
    found.outcome = OUTCOME_EMPTY;
    replay_release(&found);
    return 0;
}

int runner_search(struct runner *r, const char *scenario, const char *args,
    struct outcome_list *ret, struct buf *err)
{
    const struct explore_options options = runner_explore_options(r);
    struct explore_result found = EXPLORE_RESULT_EMPTY;
    int result = runner_explore(r, scenario, args, &options, &found, err);

    if (!result) {
        ret->items = found.outcomes;
        ret->count = found.n_outcomes;
        ret->claim = found.claim;
        ret->complete = found.complete;
        if (!options.races_fail)
            hush_races(ret);
        found.outcomes = NULL;
        found.n_outcomes = 0;
        found.claim = NULL;
    }
    explore_result_release(&found);
    return result;
}
