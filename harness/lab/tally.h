/* SPDX-License-Identifier: MIT */
/*
 * tally - what a check has seen so far, and the verdict that follows.
 *
 *     struct tally t;
 *     tally_begin(&t, manifest, check);
 *     tally_outcomes(&t, &outcome_list);            // each run
 *     tally_assertion(&t, holds, message, number);  // each assertion of the judge
 *     json_t *row = tally_row(&t, …);               // the test has ended
 *     tally_release(&t);
 *
 * PASS needs positive evidence: Criterion says that the test passed, it asserted something, and every
 * outcome ended well.
 */
#ifndef LAB_TALLY_H
#define LAB_TALLY_H

#include "lab/manifest.h"
#include "lab/run.h"

#include <jansson.h>

struct tally {
    const struct manifest *exercise;
    const struct check *check;
    bool explore;
    json_t *outcomes;  /* as in the result file */
    json_t *findings;  /* of the outcome that decides */
    enum verdict verdict; /* of the outcomes; PASS so far */
    char *text;        /* of the outcome that decides */
    long assertions;
    long failures;
    char *failure;     /* the first message */
    long failed_outcome; /* its number in `outcomes`, or -1 */
    char *claim;
    char *error;       /* a fault of ours: HARNESS_ERROR */
    long long began_ms;
};

void tally_begin(struct tally *t, const struct manifest *exercise, const struct check *check);
void tally_outcomes(struct tally *t, const struct outcome_list *l);
void tally_assertion(struct tally *t, bool holds, const char *message, long outcome);
void tally_error(struct tally *t, const char *sentence);

/* The row for the result file. `passed` is Criterion's word for it. A new reference. */
json_t *tally_row(struct tally *t, bool passed);

void tally_release(struct tally *t);

/* A row that was decided without a run; `message` may be NULL. A new reference. */
json_t *tally_plain_row(const struct manifest *exercise, const struct check *check,
    enum verdict verdict, const char *message);

#endif
