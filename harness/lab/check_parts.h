/* SPDX-License-Identifier: MIT */
/*
 * check_parts - what the files of a check share; nobody else includes it.
 *
 *     check.c           from the spec to the result
 *     check_rows.c      the rows of one exercise: what a row that is known means for the others
 *     check_sessions.c  which session is at work, which comes next
 */
#ifndef LAB_CHECK_PARTS_H
#define LAB_CHECK_PARTS_H

#include "lab/check.h"
#include "lab/session.h"
#include "lab/tally.h"

#include <jansson.h>
#include <signal.h>

enum { SESSIONS_MOST = 64 };

/* One row of the result. */
struct row {
    const struct check *check;
    json_t *json;
    enum { ROW_OPEN, ROW_RUNS, ROW_DONE } state;
    pid_t session; /* who is at work on it, or was */
};

struct grading {
    const struct manifest *exercise;
    const char *source;
    const char *keep;
    const struct tool *as; /* what plain's checks really run under; NULL: plain */
    uint64_t seed;
    bool seeded;      /* see session.h */
    size_t n_plain;   /* rows under plain */
    bool may_be_stub; /* the file still says LAB_TODO somewhere */
    unsigned
        prepared; /* tools whose probe was built ahead of time, a bit for each row of `tools` */
    struct row rows[SESSION_CHECKS];
    size_t n_rows;
    json_t *json;
};

/* A session at work, or one that only builds. */
struct running {
    pid_t pid;
    int fd;
    struct buf text;
    struct grading *grading;
    const struct tool *tool;
    bool builds;
    bool over;
};

struct schedule {
    const struct check_spec *spec;
    struct grading *gradings;
    size_t n_gradings;
    struct running running[SESSIONS_MOST];
    size_t n_running;
};

extern volatile sig_atomic_t check_interrupted;

/* Begins an exercise: every row exists, as NOT_RUN, before anything starts. */
void check_begin(struct schedule *s, const struct check_item *item);

enum verdict check_verdict_of(const json_t *row);

/* The row is known; takes `json` over and tells whoever listens. */
void check_set_row(struct schedule *s, struct grading *g, struct row *r, json_t *json);
void check_decide(
    struct schedule *s, struct grading *g, struct row *r, enum verdict v, const char *message);

/* NULL: there is none. */
struct row *check_find_row(struct grading *g, const char *test, const char *tool);

/* What a row that has become known means for the others of its exercise: the same verdict, when it
 * is one that no tool changes; or that they will never run. */
void check_spread(struct schedule *s, struct grading *g, const json_t *row);
void check_refuse(struct schedule *s, struct grading *g);

/* May this row start, or does it wait for one under another tool? */
bool check_is_ready(struct grading *g, const struct row *r);
bool check_waits(struct grading *g, const struct row *r);

/* Until all rows are known or somebody interrupts. */
void check_run_all(struct schedule *s);

#endif
