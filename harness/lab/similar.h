/* SPDX-License-Identifier: MIT */
/*
 * similar - pairs of submissions that are more alike than the class.
 *
 *     struct similar_pair *pairs; size_t n;
 *     if (similar_find(&kit, m, "results/files", &pairs, &n, &err)) …
 *     similar_free(pairs, n);
 *
 * Lines that stand in the stub, and comments, are blanked first (blanked, not removed, so that line
 * numbers stay true). What is left is compared by similarity-tester's sim_c (Dick Grune), which
 * compares tokens: renaming variables changes nothing. A pair is reported when it is an outlier of
 * its class: by the median and the median absolute deviation of all pairs (Rousseeuw and Croux,
 * 1993), and at least SIMILAR_LEAST percent alike. It is a reason to look, never a verdict.
 */
#ifndef LAB_SIMILAR_H
#define LAB_SIMILAR_H

#include "base/buf.h"
#include "lab/kit.h"

#include <stddef.h>

/* A run of less than 32 tokens is an idiom (lock, wait while full, put, signal, unlock). The kit's
 * own solutions of one exercise that were written apart are up to 67 % alike; a copy with other
 * names, comments and another order of its functions is 93 %. */
enum { SIMILAR_LEAST = 75, SIMILAR_RUN = 32, SIMILAR_RUNS = 8 };

struct similar_run {
    int first_from, first_to, second_from, second_to; /* lines */
    int tokens;
};

struct similar_pair {
    char *first, *second; /* names of the submissions' folders */
    double percent;       /* of the smaller one's tokens */
    struct similar_run runs[SIMILAR_RUNS];
    size_t n_runs;
};

int similar_find(const struct kit *kit, const struct manifest *m, const char *files,
    struct similar_pair **ret_pairs, size_t *ret_count, struct buf *err);
void similar_free(struct similar_pair *pairs, size_t count);

/* Blanks comments and every line that also stands in `stub`. Public for its test. */
void similar_strip(const char *text, const char *stub, struct buf *ret);

#endif
