/* SPDX-License-Identifier: MIT */
#include "lab/again.h"

#include "explore/replay.h"
#include "lab/build.h"
#include "lab/replaying.h"
#include "lab/run.h"

#include <stdlib.h>
#include <string.h>

/* The outcome of the row that has this schedule. */
static const json_t *outcome_told(const json_t *row, const char *schedule)
{
    size_t i;
    json_t *o;

    json_array_foreach (json_object_get(row, "outcomes"), i, o) {
        const char *its = json_string_value(json_object_get(o, "schedule"));

        if (its && !strcmp(its, schedule))
            return o;
    }
    return NULL;
}

static bool same_text(const json_t *told, const char *key, const char *now)
{
    const char *then = json_string_value(json_object_get(told, key));

    return !strcmp(then ? then : "", now ? now : "");
}

static int compare(const json_t *told, const struct replay *r, struct buf *err)
{
    if (r->remark)
        return fail(err, "%s", r->remark);
    if (!told)
        return fail(err, "no outcome has this schedule");
    if (!same_text(told, "ended", r->outcome.ended) || !same_text(told, "text", r->outcome.text) ||
        !same_text(told, "verdict", verdict_name(r->outcome.verdict)))
        return fail(err, "it ended with %s (%s)", r->outcome.ended,
            r->outcome.text ? r->outcome.text : "nothing to say");
    if (!json_equal(json_object_get(told, "facts"), r->outcome.facts))
        return fail(err, "it ended with other facts");
    return 0;
}

static int replay(const struct runner_spec *spec, const struct schedule_words *w, const json_t *row,
    struct buf *err)
{
    struct runner runner;
    struct replay r = REPLAY_EMPTY;
    struct explore_options options;
    int result;

    if (runner_open(&runner, spec, err))
        return -1;
    options = runner_explore_options(&runner);
    result = runner_replay(&runner, w->scenario, w->args, &options, w->schedule, &r, err);
    if (!result)
        result = compare(outcome_told(row, w->schedule), &r, err);
    replay_release(&r);
    runner_close(&runner);
    return result;
}

int again_shows(const struct kit *kit, const struct manifest *exercise, const char *source,
    const json_t *row, struct buf *err)
{
    const struct build_request request = {.kit = kit,
        .exercise = exercise,
        .tool = tool_find("explore"),
        .source = source,
        .level = BOX_LIMITS,
        .gate = true};
    const char *words = json_string_value(json_object_get(row, "schedule"));
    const struct target t = {.exercise = exercise, .name = exercise->id};
    struct build_result built = BUILD_RESULT_EMPTY;
    struct schedule_words w = {0};
    int result = -1;

    if (!words)
        return fail(err, "there is no schedule that shows it");
    if (schedule_words_read(&w, &t, words, err))
        return -1;
    if (!build_probe(&request, &built, err) && built.verdict == VERDICT_PASS) {
        const struct runner_spec spec = {.kit = kit,
            .exercise = exercise,
            .tool = request.tool,
            .program = built.probe,
            .student = exercise->edit,
            .level = BOX_LIMITS,
            .seed = 1};

        result = replay(&spec, &w, row, err);
    }
    build_result_release(&built);
    schedule_words_release(&w);
    return result;
}
