/* SPDX-License-Identifier: MIT */
/*
 * class_data - what class.c collects, for the files that show it. Call class_order() first: it
 * makes the outputs the same, whatever the order of adding was.
 */
#ifndef REPORT_CLASS_DATA_H
#define REPORT_CLASS_DATA_H

#include "base/verdict.h"
#include "report/class.h"
#include "report/names.h"

#include <stdbool.h>

enum { VERDICT_ABSENT = 255 }; /* the submission was not asked this check */

struct class_exercise {
    const char *id; /* in the list of names */
    char *title, *unit;
    double max_score;
    size_t position; /* the last that it had in any result */
};

struct class_check {
    char *id, *test, *tool, *title;
    double max_score;
    size_t exercise, position;
};

enum { CHECK_ALL = -1 }; /* a file that does not compile fails in all its checks for one reason */

/* A failure that submissions can share: a check, a verdict, a message but for its numbers. */
struct class_failure {
    char *message; /* the first in the alphabet stands for all */
    uint32_t exercise;
    int32_t check; /* or CHECK_ALL */
    uint8_t verdict;
    bool varied; /* other submissions had other numbers in it */
};

struct class_row {
    const char *submission;
    const char *error;  /* why it is not graded; "" */
    const char *remark; /* when nothing in it was begun: what was odd about it; "" */
    double score, max_score;
    bool complete;
    uint32_t n_verdicts, n_scores, n_failures;
    uint8_t *verdicts;  /* by check */
    float *scores;      /* by exercise; not a number: absent */
    uint32_t *failures; /* numbers of failures */
};

struct report_class {
    struct names exercise_names, check_names, failure_names, submission_names, error_texts;
    struct class_exercise *exercises;
    struct class_check *checks;
    struct class_failure *failures;
    struct class_row *rows;
};

/* How things are shown: numbers in order. Release with class_order_release(). */
struct class_order {
    size_t *rows, *exercises, *checks;
};

void class_order(const struct report_class *c, struct class_order *ret);
void class_order_release(struct class_order *o);

/* The place of each number in such an order; the caller frees. */
size_t *class_places(const size_t *order, size_t count);

/* What a row says about a check: a verdict, or VERDICT_ABSENT. */
unsigned class_verdict(const struct class_row *row, size_t check);

/* The points of an exercise; not a number when the row does not have it. */
double class_score(const struct class_row *row, size_t exercise);

#endif
