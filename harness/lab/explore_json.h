/* SPDX-License-Identifier: MIT */
/*
 * explore_json - an exploration as data, schema interleave/explore/1:
 *
 *     { "schema", "strategy", "seed", "executions", "complete", "bound", "first_failure",
 *       "executions_per_second",
 *       "outcomes": [ { "ended", "count", "facts", "schedule", "steps", "preemptions", "text",
 *                       "findings" } ] }
 *
 * Of several hunts it is the sum: `complete` when each was, `bound` the smallest, `first_failure`
 * counted from the first execution of the first hunt. A `schedule` holds all the words that
 * `lab replay` wants. `text` says what is wrong with an outcome; null: nothing. `ended` is how its
 * executions ended, one of ok, assert, abort, exit, signal, deadlock, livelock, race and timeout;
 * one that came to its end with a finding other than a race, or with a wrong result, ended ok and
 * has a text.
 */
#ifndef LAB_EXPLORE_JSON_H
#define LAB_EXPLORE_JSON_H

#include "lab/exploration.h"

#include <jansson.h>

/* A new reference. */
json_t *exploration_to_json(const struct exploration *e);

#endif
