/* SPDX-License-Identifier: MIT */
#include "lab/judging.h"

#include "lab/run.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Why the session could not work, from the rows that it wrote; NULL when it could. */
static char *trouble_in(FILE *rows)
{
    char *line = NULL, *trouble = NULL;
    size_t size = 0;

    rewind(rows);
    while (!trouble && getline(&line, &size, rows) > 0) {
        json_t *j = json_loads(line, 0, NULL), *row = json_object_get(j, "row");
        const char *verdict = json_string_value(json_object_get(row, "verdict"));
        const char *message = json_string_value(json_object_get(row, "message"));

        if (verdict && !strcmp(verdict, "HARNESS_ERROR"))
            trouble = xstrdup(message ? message : "The judge did not work.");
        json_decref(j);
    }
    free(line);
    return trouble;
}

int judge_ask(const struct target *t, const struct check *check, uint64_t seed,
    const struct session_watch *watch, char **ret_trouble, struct buf *err)
{
    const struct session_spec spec = {.kit = t->kit,
        .exercise = t->exercise,
        .tool = tool_find("explore"),
        .checks = {check},
        .n_checks = 1,
        .source = t->source,
        .level = BOX_LIMITS,
        .seed = seed,
        .watch = watch};
    int fd = memfd_create("rows", MFD_CLOEXEC);
    FILE *rows = fd < 0 ? NULL : fdopen(fd, "r");

    if (!rows)
        return fail_errno(err, "Cannot make a file in memory");
    session_run(&spec, fd);
    *ret_trouble = trouble_in(rows);
    fclose(rows);
    return 0;
}

void judge_give(struct outcome_list *answer, const struct outcome *o)
{
    json_t *j = outcome_to_json(o);

    answer->items = xrealloc(answer->items, (answer->count + 1) * sizeof(*answer->items));
    answer->items[answer->count] = OUTCOME_EMPTY;
    if (!outcome_from_json(j, &answer->items[answer->count], NULL))
        answer->count++;
    json_decref(j);
}

/* One outcome, held out to the judge when it asks for the run that it comes from. */
struct exhibit {
    const char *scenario;
    const char *args;
    const char *schedule; /* where the judge wants to see just this one; else NULL */
    const struct outcome *outcome;
    long given;  /* outcomes so far */
    long number; /* of ours; -1: not given yet */
    char *complaint;
};

static bool same(const char *a, const char *b)
{
    return a && b ? !strcmp(a, b) : a == b;
}

/* The judge asks for something else first: one execution of that will do to make it go on. */
static int pass_by(struct exhibit *x, struct runner *r, const char *scenario, const char *args,
    const char *schedule, struct outcome_list *ret, struct buf *err)
{
    struct explore_options options = explore_options_default();
    struct explore_result found = EXPLORE_RESULT_EMPTY;

    if (schedule) {
        x->given++;
        return runner_run_schedule(r, scenario, args, schedule, ret, err);
    }
    options.strategy = EXPLORE_RANDOM;
    options.schedules = 1;
    options.minimise = false;
    if (runner_explore(r, scenario, args, &options, &found, err))
        return -1;
    for (size_t i = 0; i < found.n_outcomes; i++)
        judge_give(ret, &found.outcomes[i]);
    x->given += (long)found.n_outcomes;
    explore_result_release(&found);
    return 0;
}

static int on_run(void *arg, struct runner *r, const struct check *check, const char *scenario,
    const char *args, const char *schedule, struct outcome_list *ret, struct buf *err)
{
    struct exhibit *x = arg;

    (void)check;
    if (x->number >= 0)
        return 1;
    if (!same(scenario, x->scenario) || !same(args, x->args) || !same(schedule, x->schedule))
        return pass_by(x, r, scenario, args, schedule, ret, err);
    judge_give(ret, x->outcome);
    x->number = x->given;
    return 0;
}

static void on_assertion(
    void *arg, const struct check *check, bool holds, const char *message, long outcome)
{
    struct exhibit *x = arg;

    (void)check;
    if (!holds && x->number >= 0 && outcome == x->number && !x->complaint)
        x->complaint = xstrdup(message ? message : "a promise was not kept");
}

char *judge_complaint(const struct target *t, uint64_t seed, const char *scenario, const char *args,
    const char *schedule, const struct outcome *o)
{
    struct exhibit x = {.scenario = scenario,
        .args = args,
        .schedule = schedule[0] == 'm' ? schedule : NULL,
        .outcome = o,
        .number = -1};
    const struct session_watch watch = {.arg = &x, .run = on_run, .assertion = on_assertion};
    const struct manifest *m = t->exercise;

    for (size_t i = 0; i < m->n_checks && x.number < 0; i++) {
        char *trouble = NULL;

        x.given = 0;
        if (!strcmp(m->checks[i].under, "explore"))
            judge_ask(t, &m->checks[i], seed, &watch, &trouble, NULL);
        free(trouble);
    }
    return x.complaint;
}
