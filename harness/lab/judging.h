/* SPDX-License-Identifier: MIT */
/*
 * judging - asking an exercise's judge, for `lab explore` and `lab replay`: not for points, but for
 * what it has to say.
 */
#ifndef LAB_JUDGING_H
#define LAB_JUDGING_H

#include "lab/session.h"
#include "lab/target.h"

/* One check's session with somebody in between. *ret_trouble is why the check could not be judged,
 * NULL when it could; the caller frees. */
int judge_ask(const struct target *t, const struct check *check, uint64_t seed,
    const struct session_watch *watch, char **ret_trouble, struct buf *err);

/* Adds a copy of an outcome to an answer. */
void judge_give(struct outcome_list *answer, const struct outcome *o);

/* What the judge says against one outcome of a run that it asks for, or NULL: nothing, or with this
 * seed it asks for no such run. A schedule by moves is one that the judge itself replays. The
 * caller frees. */
char *judge_complaint(const struct target *t, uint64_t seed, const char *scenario, const char *args,
    const char *schedule, const struct outcome *o);

#endif
