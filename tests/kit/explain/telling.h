/* SPDX-License-Identifier: MIT */
/*
 * telling - builds a small program of this directory as `lab explore FILE.c` would, looks for a
 * failure, and has it told.
 *
 *     struct told t = tell("two_locks", "");
 *     story_sentence(t.story) …
 *     told_release(&t);
 *
 * Everything ends the test with a sentence when it does not work.
 */
#ifndef TESTS_EXPLAIN_TELLING_H
#define TESTS_EXPLAIN_TELLING_H

#include "explain/explain.h"
#include "explore/replay.h"

#define PROGRAMS "tests/kit/explain"
#include "../explore/programs.h"

struct told {
    char *program;
    char *source;
    char *claim;
    char *schedule;
    struct replay replay;
    struct explain_trace trace;
    struct story *story;
};

/* The first outcome that failed and has a schedule. */
static inline const struct outcome *failing(const struct explore_result *r)
{
    for (size_t i = 0; i < r->n_outcomes; i++)
        if (outcome_failed(&r->outcomes[i]) && r->outcomes[i].schedule)
            return &r->outcomes[i];
    return NULL;
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

static inline struct told tell(const char *name, const char *definition)
{
    struct told t = {.program = build_program(name, definition),
        .source = xasprintf(PROGRAMS "/%s.c", name),
        .replay = REPLAY_EMPTY};
    struct explain_source where = {.program = t.program, .files = {t.source}};
    struct explore_program p = {.path = t.program};
    struct explore_options o = explore_options_default();
    struct explore_result r = EXPLORE_RESULT_EMPTY;
    const struct outcome *failure;
    struct buf err = BUF_EMPTY;

    o.minimise = true;
    cr_assert_eq(explore_search(&p, &o, &r, &err), 0, "%s: %s", name, buf_text(&err));
    failure = failing(&r);
    cr_assert(failure, "%s: no failure: %s", name, r.claim);
    t.schedule = xstrdup(failure->schedule);
    t.claim = xstrdup(r.claim);
    cr_assert_eq(
        replay_schedule(&p, &o, t.schedule, &t.replay, &err), 0, "%s: %s", name, buf_text(&err));
    t.trace = trace_of(&t.replay.execution);
    t.story = story_open(&t.trace, &where, &err);
    cr_assert(t.story, "%s: %s", name, buf_text(&err));
    explore_result_release(&r);
    buf_release(&err);
    return t;
}

static inline void told_release(struct told *t)
{
    story_close(t->story);
    replay_release(&t->replay);
    free(t->program);
    free(t->source);
    free(t->claim);
    free(t->schedule);
}

#endif
