/* SPDX-License-Identifier: MIT */
/*
 * evidence - what the runs of one check showed: their outcomes, what the judge said against some of
 * them, and what may be claimed about how much was looked at.
 *
 *     struct evidence e;
 *     evidence_init(&e);
 *     evidence_add(&e, "count", "threads=2", &list);      // each run, in the judge's order
 *     evidence_complain(&e, 3, "`total` was 1");          // outcome 3, counted over all runs
 *     …
 *     evidence_release(&e);
 *
 * A check has one run or several, and under `explore` each run has a set of outcomes with counts.
 * Counts of different runs are never added up where one is set against the other: "in 6 of 20
 * interleavings" is said of one run.
 */
#ifndef LAB_EVIDENCE_H
#define LAB_EVIDENCE_H

#include "lab/run.h"

#include <jansson.h>

struct evidence_run {
    char *scenario;
    char *args;
    char *claim;   /* explore: what was covered; else NULL */
    bool complete; /* explore: every interleaving */
    bool replayed; /* explore: one schedule of the judge's, no search */
    long count;    /* executions, over all its outcomes */
    size_t first;  /* its outcomes: their numbers */
    size_t n;
};

struct evidence {
    struct evidence_run *runs;
    size_t n_runs;
    json_t *outcomes; /* of all runs, in the shape of the result file */
};

void evidence_init(struct evidence *e);
void evidence_add(
    struct evidence *e, const char *scenario, const char *args, const struct outcome_list *l);
void evidence_complain(struct evidence *e, long outcome, const char *message);
void evidence_release(struct evidence *e);

/* The outcome that shows the failure best: of those of the first run with one that the judge
 * complained of (`verdict` NULL), or that have this verdict, the one with the fewest preemptions
 * and steps. A borrowed reference; NULL when there is none. */
json_t *evidence_decides(
    const struct evidence *e, const char *verdict, const struct evidence_run **ret);

/* Executions of this run that failed in the same sense. */
long evidence_failing(
    const struct evidence *e, const struct evidence_run *run, const char *verdict);

/* Executions of a run, or of all. */
long evidence_interleavings(const struct evidence *e, const struct evidence_run *run);

/* The outcomes to show, failed ones first: of one run, or of all. A new reference. */
json_t *evidence_outcomes(const struct evidence *e, const struct evidence_run *run);

/* "all 14 interleavings explored", over all runs. NULL when nobody searched. The caller frees. */
char *evidence_claim(const struct evidence *e);

/* The same for each run, with its arguments. A new reference to a list. */
json_t *evidence_notes(const struct evidence *e, const struct evidence_run *run);

/* What `lab replay EXERCISE` takes: scenario, arguments, the judge's seed and the schedule. The
 * caller frees. */
char *evidence_words(const struct evidence_run *run, uint64_t seed, const char *schedule);

#endif
