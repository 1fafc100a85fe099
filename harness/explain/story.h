/* SPDX-License-Identifier: MIT */
/*
 * story - a trace as rows that a person can read, in the order of time. Shared by the writers; the
 * outside uses explain.h.
 *
 * A row is one visible operation of one task. What the kit does for itself (facts, counters) has no
 * row. Not every row is worth showing: threads that only start others have no column, and the end
 * of a thread is no news. Those that are shown are numbered from 1, and the sentence speaks of them
 * by these numbers ("step 3").
 */
#ifndef EXPLAIN_STORY_H
#define EXPLAIN_STORY_H

#include "explain/names.h"
#include "explore/holds.h"

enum row_mark {
    ROW_KEY = 1,   /* the sentence speaks of it */
    ROW_QUIET = 2, /* births, ends, joins: only worth showing when something hangs on them */
    ROW_WAITS = 4, /* not a step: where a task waits when everything is over */
    ROW_END = 8,   /* not a step: how the program ended */
};

struct row {
    uint32_t event;  /* index in the trace; UINT32_MAX: not a step */
    unsigned number; /* 0: not a step, or not shown */
    int task;
    unsigned marks;   /* enum row_mark */
    const char *file; /* base name; NULL: unknown */
    int line;
    const char *source; /* the text of the line; NULL: unknown */
    char *what;         /* "reads counter.value: 0" */
    char *thing;        /* "counter.value"; empty: nothing */
    char *value;        /* of the thing afterwards; NULL: it has none */
    char *old;          /* … and before */
};

struct story {
    struct explain_trace trace;
    struct names *names;
    struct row *rows; /* the steps, then rows that are none */
    size_t n_rows;
    size_t n_steps;
    unsigned n_numbers;
    bool columns[TRACE_TASKS]; /* (who has one) */
    struct buf sentence;
    const char *kind;
    int line;
    char *promise;         /* what was not as promised; NULL: nobody said so */
    struct task_set named; /* (tasks that the sentence has introduced, see cause_task()) */
    char called[4][80];    /* (what cause_task() returned last) */
    unsigned calls;
};

/* The row of an event, and its number for people; 0 when the event has no row. */
struct row *story_row(const struct story *s, uint32_t event);
unsigned story_number(const struct story *s, uint32_t event);

/* Whether a task has a row that is worth a column, and whether a row is worth showing. */
bool story_has_column(const struct story *s, int task);
bool story_shows(const struct story *s, const struct row *row);

/* The index of the row with a number, or n_rows for one beyond the last. */
size_t story_row_at(const struct story *s, size_t number);

/* Marks a row as one that the sentence speaks of. */
void story_mark(struct story *s, uint32_t event);

/* The name of what an operation touches. */
void story_thing(
    const struct story *s, uint32_t event, const struct trace_op *op, struct thing *ret);

/* What an event did, in words ("reads counter.value: 0"), and what a task waits for. */
void verb_done(const struct story *s, uint32_t event, struct row *row);
void verb_waits(const struct story *s, int task, struct buf *out);

/* The same for any operation at any time: `holder` has what it needs, -1: nobody or unknown. */
void verb_stands(const struct story *s, int task, const struct trace_op *op, uint32_t event,
    int holder, struct buf *out);

/* "line 12", or "probe.c:33" where it is not the student's file; "an unknown line". */
void story_where(const struct story *s, uint64_t return_pc, struct buf *out);
int story_line_of(const struct story *s, uint64_t return_pc);

/* Sets file, line and source of a row from a return address; only files that may be shown. */
void story_place(const struct story *s, uint64_t return_pc, struct row *row);

/* A task's name; never NULL. */
const char *story_task(const struct story *s, int task);

/* Fills sentence, kind and line (cause.c). */
void cause_find(struct story *s);

/* The locks that a task holds just before an event (any number of events: at the end). */
size_t story_holds(const struct story *s, uint32_t event, int task, struct hold *ret);

#endif
