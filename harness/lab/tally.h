/* SPDX-License-Identifier: MIT */
/*
 * tally - what a check has seen so far, and the verdict that follows.
 *
 *     struct tally t;
 *     tally_begin(&t, manifest, check);
 *     tally_outcomes(&t, scenario, args, &list);    // each run
 *     tally_assertion(&t, holds, message, number);  // each assertion of the judge
 *     json_t *row = tally_row(&t, …);               // the test has ended
 *     tally_release(&t);
 *
 * PASS needs positive evidence: Criterion says that the test passed, it asserted something, and
 * every outcome ended well.
 */
#ifndef LAB_TALLY_H
#define LAB_TALLY_H

#include "lab/evidence.h"
#include "lab/manifest.h"

struct tally {
    const struct manifest *exercise;
    const struct check *check;
    bool explore;
    uint64_t seed; /* of the judge's inputs; set after tally_begin() */
    struct evidence evidence;
    enum verdict verdict; /* of the outcomes; PASS so far */
    long assertions;
    long failures;
    char *failure; /* the first message */
    char *error;   /* a fault of ours: HARNESS_ERROR */
    long long began_ms;
};

void tally_begin(struct tally *t, const struct manifest *exercise, const struct check *check);
void tally_outcomes(
    struct tally *t, const char *scenario, const char *args, const struct outcome_list *l);

/* `outcome`: its number among all outcomes that the test was given; -1: of none in particular. */
void tally_assertion(struct tally *t, bool holds, const char *message, long outcome);
void tally_error(struct tally *t, const char *sentence);

/* The row for the result file. `passed` is Criterion's word for it. A new reference. */
json_t *tally_row(struct tally *t, bool passed);

void tally_release(struct tally *t);

/* A row that was decided without a run; `message` may be NULL. A new reference. */
json_t *tally_plain_row(const struct manifest *exercise, const struct check *check,
    enum verdict verdict, const char *message);

#endif
