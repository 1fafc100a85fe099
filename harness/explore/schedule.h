/* SPDX-License-Identifier: MIT */
/*
 * schedule - the choices that make an execution, as data and as text.
 *
 *     x1:0*5,1*3,2,1*2@3fa2
 *
 * "x1" is the version; each entry is a task and how many choices in a row it takes; after the last
 * entry the task that runs goes on, and where it cannot, the one with the lowest number. What
 * follows
 * "@" are four hexadecimal digits of a hash of the program (without them any program will do). Only
 * choices are counted: steps at which a single task could go on need no entry.
 *
 * "m1:1,2,1,2" is a schedule by moves: one entry for each access to memory that tasks share, and
 * for nothing else (runtime/moves.c). It is what a person can write by hand; it has to fit exactly.
 *
 * Which steps are visible depends on what memory tasks share. That set is learnt anew, the same way
 * each time, by whoever replays (replay.c); memory beyond it stands in front, as address / 8 and
 * byte mask in hexadecimal: "x1/98ae3.f:1,0".
 */
#ifndef EXPLORE_SCHEDULE_H
#define EXPLORE_SCHEDULE_H

#include "base/buf.h"
#include "explore/trace.h"

enum { SCHEDULE_WATCHES = 16 };

struct schedule {
    uint8_t *tasks; /* one for each choice */
    uint32_t length;
    struct trace_watch watches[SCHEDULE_WATCHES];
    uint32_t n_watches;
    bool moves; /* entries are moves, not choices */
    bool has_hash;
    unsigned hash;
};

#define SCHEDULE_EMPTY ((struct schedule){0})

void schedule_release(struct schedule *s);
void schedule_append(struct schedule *s, unsigned task);
void schedule_copy(struct schedule *to, const struct schedule *from);

/* The choices of an execution. */
struct execution;
void schedule_of(struct schedule *s, const struct execution *x);

void schedule_print(const struct schedule *s, struct buf *ret);

/* -1 with a sentence that points at the place when the text is no schedule. */
int schedule_parse(const char *text, struct schedule *ret, struct buf *err);

/* Sixteen bits of a hash of the program file; -1 when it cannot be read. */
int schedule_hash(const char *path, unsigned *ret, struct buf *err);

#endif
