/* SPDX-License-Identifier: MIT */
/*
 * verdict - the result of a check, and what each one is called.
 *
 * A verdict is about the student's code. HARNESS_ERROR is the one exception: it says that *we*
 * could not grade, and it is never worth zero points but makes the total incomplete.
 */
#ifndef BASE_VERDICT_H
#define BASE_VERDICT_H

#include <stdbool.h>

enum verdict {
    VERDICT_NOT_RUN, /* every row starts as this */
    VERDICT_PASS,
    VERDICT_WRONG,
    VERDICT_RACE,
    VERDICT_DEADLOCK,
    VERDICT_TIMEOUT,
    VERDICT_CRASH,
    VERDICT_MEMERR,
    VERDICT_LEAK,
    VERDICT_MEMORY,
    VERDICT_PROCESSES,
    VERDICT_OUTPUT,
    VERDICT_LEFTOVER,
    VERDICT_FORGED,
    VERDICT_REJECTED,
    VERDICT_COMPILE,
    VERDICT_NOT_IMPLEMENTED,
    VERDICT_HARNESS_ERROR,
    VERDICT_COUNT
};

/* "PASS", "WRONG", … as in the result file. */
const char *verdict_name(enum verdict v);

/* One plain sentence for a person who sees the word for the first time. */
const char *verdict_meaning(enum verdict v);

/* Finds a verdict by its name; false when there is none. */
bool verdict_parse(const char *name, enum verdict *ret_verdict);

#endif
