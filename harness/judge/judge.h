/* SPDX-License-Identifier: MIT */
/*
 * judge - what an exercise's judge.c uses, next to Criterion: run a scenario, walk its outcomes,
 * hold them to the contract.
 *
 *     #include "judge.h"
 *
 *     LAB_TEST(counter_mutex, no_update_is_lost)
 *     {
 *         long rounds = random_int(2, 4);
 *         struct outcomes *all = run("count", "threads=2 rounds=%ld", rounds);
 *
 *         EACH_OUTCOME(o, all)
 *             expect_int(o, "total", 2 * rounds);
 *     }
 *
 * The same test may run under several tools; under_tool() tells which. run() asks `lab` to run the
 * probe under that tool and returns when it has ended. Where an outcome did not end well (race,
 * crash, deadlock, …) run() records that and ends the test: matchers only ever see outcomes with a
 * complete transcript. Under `explore` there is one outcome for each different end over all
 * schedules that were tried, and each has to hold.
 *
 * Matchers print both values, do not end the test when they fail, and count as Criterion's
 * assertions. A test that asserts nothing cannot pass: `lab` sees the count.
 *
 * Inputs that matter come from random_int() and its siblings. They are drawn from the run's seed,
 * which `lab` prints; LAB_SEED repeats it.
 *
 * A judge never links student code, and student code never sees its address space.
 * Everything returned lives until the test ends; nothing needs to be freed. One thread only.
 */
#ifndef JUDGE_H
#define JUDGE_H

#include <criterion/criterion.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A check's test. The suite is the exercise's id. */
#define LAB_TEST(exercise, test) Test(exercise, test)

struct outcome;
struct outcomes {
    size_t count;
    const struct outcome *const *items;
};

/* Runs a scenario with "name=value name=value" arguments. */
struct outcomes *run(const char *scenario, const char *args_format, ...)
    __attribute__((format(printf, 2, 3)));

/* The one interleaving of a scenario that `schedule` says; only in tests that run under `explore`.
 * "m1:1,2,1,2" has a task for each *move*, an access to memory that tasks share: task 1 is the
 * first thread that the scenario creates (harness/explore/schedule.h). It has to fit exactly, else
 * that is our fault and not the student's: so hold it to the rules before. */
struct outcomes *replay(const char *schedule, const char *scenario, const char *args_format, ...)
    __attribute__((format(printf, 3, 4)));

#define EACH_OUTCOME(o, all)                                            \
    for (const struct outcome *const *o##_at = (all)->items, *o = NULL; \
         o##_at < (all)->items + (all)->count && (o = *o##_at, true); o##_at++)

/* "plain", "asan", "tsan", "memcheck", "helgrind", "explore", "coverage". */
const char *under_tool(void);
bool under(const char *tool);

/* The value of a fact. A missing fact fails the test and ends it. The array's members are valid
 * until the test ends. An empty list is a fact said with fact_ints(…, 0) . */
long fact_int(const struct outcome *o, const char *name);
const char *fact_str(const struct outcome *o, const char *name);
const long *fact_ints(const struct outcome *o, const char *name, size_t *ret_count);
bool has_fact(const struct outcome *o, const char *name);

/* Matchers on facts. On failure the message is "`total` was 79998, expected 80000". */
void expect_int(const struct outcome *o, const char *name, long expected);
void expect_between(const struct outcome *o, const char *name, long least, long most);
void expect_at_least(const struct outcome *o, const char *name, long least);
void expect_at_most(const struct outcome *o, const char *name, long most);
void expect_str(const struct outcome *o, const char *name, const char *expected);
void expect_ints(
    const struct outcome *o, const char *name, const long *expected, size_t expected_count);
void expect_fingerprint(
    const struct outcome *o, const char *name, const void *bytes, size_t length);

/* A matcher of your own: on failure the sentence is the message, as the student reads it. Returns
 * `holds`. */
bool expect_that(const struct outcome *o, bool holds, const char *sentence_format, ...)
    __attribute__((format(printf, 3, 4)));

/* Fresh inputs, from the run's seed: the same seed and test give the same sequence. */
long random_int(long least, long most); /* both included */
void random_ints(long *values, size_t count, long least, long most);
void random_permutation(long *values, size_t count); /* of 0 … count-1 */

/* "3,1,4" for an argument of run(). Valid until the test ends. */
const char *join_ints(const long *values, size_t count);

/* The same as in probe.h. */
uint64_t fingerprint(const void *bytes, size_t length);

#endif
