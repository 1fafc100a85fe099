/* SPDX-License-Identifier: MIT */
/*
 * outcome - what one execution of a probe led to.
 *
 * Under every tool but `explore` a run has one outcome. `explore` yields the *set* of outcomes over
 * all schedules that it tried, each with a count and one schedule that gives it.
 *
 *     struct outcome o = OUTCOME_EMPTY;
 *     …fill in…
 *     json_t *j = outcome_to_json(&o);      // the shape of the result file
 *     outcome_release(&o);
 *
 * Every pointer inside is owned by the outcome (NULL when there is nothing to say). Facts are names
 * with text values; a list is its members with one space between them.
 * Not shared between threads.
 */
#ifndef BASE_OUTCOME_H
#define BASE_OUTCOME_H

#include "base/buf.h"
#include "base/verdict.h"

#include <jansson.h>

/* Something that a tool saw, with the place in the student's file where it is known. */
struct finding {
    char *kind; /* "race", "leak", "memory", "deadlock", "lost-wakeup", "misuse", "note", … */
    char *file; /* base name, or NULL */
    int line;   /* 0: unknown */
    char *text; /* may have several lines */
};

struct outcome {
    long count;           /* executions that ended like this; 1 outside explore */
    long first;           /* explore: number of the first of them, from 1; 0: not counted */
    enum verdict verdict; /* what this outcome alone means; PASS: ended well, nothing was found */
    char *ended;          /* "ok", "assert", "abort", "exit", "signal", "deadlock", … */
    char *text;           /* one sentence for the student when the verdict is not PASS */
    json_t *facts;        /* object of strings */
    struct finding *findings;
    size_t n_findings;
    char *schedule; /* explore: replays this outcome */
    long steps;     /* explore: visible operations in that schedule */
    int preemptions;
};

#define OUTCOME_EMPTY ((struct outcome){.count = 1})

/* Adds a finding; copies the strings, which may be NULL. */
void outcome_add_finding(
    struct outcome *o, const char *kind, const char *file, int line, const char *text);

/* To and from the shape of the result file. The json_t is a new reference. */
json_t *outcome_to_json(const struct outcome *o);
int outcome_from_json(const json_t *j, struct outcome *ret_outcome, struct buf *err);

/* The value of a fact, or NULL. Valid as long as the outcome. */
const char *outcome_fact(const struct outcome *o, const char *name);

void outcome_release(struct outcome *o);

#endif
