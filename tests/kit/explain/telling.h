/* SPDX-License-Identifier: MIT */
/*
 * telling - builds a small program of this directory as `lab explore FILE.c` would, and has one
 * interleaving of it told.
 *
 *     struct told t = tell("two_locks", "x1:1,2");      // NULL: the first failure that a search
 * finds story_sentence(t.story) … told_release(&t);
 *
 * Everything ends the test with a sentence when it does not work.
 */
#ifndef TESTS_EXPLAIN_TELLING_H
#define TESTS_EXPLAIN_TELLING_H

#include "explain/explain.h"
#include "explore/replay.h"

#define PROGRAMS "tests/kit/explain"
#define BUILT    "build/tests/explain"
#include "../explore/programs.h"

struct told {
    char *program;
    char *source;
    char *schedule;
    struct replay replay;
    struct explain_trace trace;
    struct story *story;
};

/* The schedule of the first outcome that failed and has one; NULL: there is none. */
static inline char *find_failure(const struct explore_program *p, bool races_fail)
{
    struct explore_options o = explore_options_default();
    struct explore_result r = EXPLORE_RESULT_EMPTY;
    struct buf err = BUF_EMPTY;
    char *found = NULL;

    o.races_fail = races_fail;
    cr_assert_eq(explore_search(p, &o, &r, &err), 0, "%s: %s", p->path, buf_text(&err));
    for (size_t i = 0; i < r.n_outcomes && !found; i++)
        if (outcome_failed(&r.outcomes[i]) && r.outcomes[i].schedule)
            found = xasprintf(
                "%.*s", (int)strcspn(r.outcomes[i].schedule, "@"), r.outcomes[i].schedule);
    explore_result_release(&r);
    buf_release(&err);
    return found;
}

static inline struct explain_trace trace_of(const struct execution *x)
{
    return (struct explain_trace){.result = x->result,
        .events = x->events,
        .tasks = x->tasks,
        .frames = x->frames,
        .blocks = x->blocks,
        .findings = x->findings};
}

static inline struct told tell_built(const char *name, const char *flag, const char *schedule)
{
    struct told t = {.program = build_program(name, flag),
        .source = xasprintf(PROGRAMS "/%s.c", name),
        .replay = REPLAY_EMPTY};
    struct explain_source where = {.program = t.program, .files = {t.source}};
    struct explore_program p = {.path = t.program};
    struct explore_options o = explore_options_default();
    struct buf err = BUF_EMPTY;

    t.schedule = schedule ? xstrdup(schedule) : find_failure(&p, false);
    if (!t.schedule)
        t.schedule = find_failure(&p, true);
    cr_assert(t.schedule, "%s: no failure was found", name);
    cr_assert_eq(
        replay_schedule(&p, &o, t.schedule, &t.replay, &err), 0, "%s: %s", name, buf_text(&err));
    t.trace = trace_of(&t.replay.execution);
    t.story = story_open(&t.trace, &where, &err);
    cr_assert(t.story, "%s: %s", name, buf_text(&err));
    buf_release(&err);
    return t;
}

static inline struct told tell(const char *name, const char *schedule)
{
    return tell_built(name, "", schedule);
}

static inline void told_release(struct told *t)
{
    story_close(t->story);
    replay_release(&t->replay);
    free(t->program);
    free(t->source);
    free(t->schedule);
}

#endif
