/* SPDX-License-Identifier: MIT */
/*
 * cause - the sentence. Detectors look for a pattern in the trace, the most telling first; the
 * first one that finds its pattern says it, marks the steps that it speaks of, and returns true.
 */
#ifndef EXPLAIN_CAUSE_H
#define EXPLAIN_CAUSE_H

#include "explain/story.h"

typedef bool cause_detector(struct story *s);

/* cause_memory.c: values that went astray. */
cause_detector cause_lost_update, cause_torn_view, cause_changed_between;

/* cause_wait.c: everybody waits. */
cause_detector cause_circle, cause_left_locked, cause_waits_for_ever, cause_spins;

/* cause_wakeup.c: condition variables. */
cause_detector cause_lost_wakeup, cause_not_looked_again;

/* cause_process.c: pipes and children. */
cause_detector cause_open_end, cause_killed;

/* cause_found.c: what a detector of the runtime found. */
cause_detector cause_freed, cause_race, cause_misuse, cause_main_left;

/* cause.c, for the detectors: what they have in common. */
enum { NO_EVENT = -1 };

/* Begins the sentence. */
void cause_begin(struct story *s, const char *kind, uint64_t pc);

/* A task's name for the sentence: "thread 2", and at its first mention, where threads run different
 * functions, "thread 2 (`reader`)". The last four results are valid. */
const char *cause_task(struct story *s, int task);

/* What the program died of, as the consequence of what was said before: " So `x == 2` does not hold
 * (line 12)." Nothing when there is no assertion that failed. */
void cause_put_end(struct story *s);

/* "(line 12, step 3)" for an event, "(line 12)" for a place in the code. */
void cause_put_step(struct story *s, uint32_t event);
void cause_put_line(struct story *s, uint64_t pc);

/* The name of what an event touches, and the value that it left or found there. */
void cause_put_thing(struct story *s, uint32_t event);
void cause_put_value(struct story *s, uint32_t event, uint64_t raw);

/* Which locks two tasks held at two events, as a sentence that begins with a space: "Neither held a
 * lock." The first event is `from` the earlier to `to` the later step of one action. */
void cause_put_locks(struct story *s, uint32_t a_from, uint32_t a_to, uint32_t b);

const struct trace_event *cause_event(const struct story *s, uint32_t event);
bool cause_reads(const struct trace_event *e);
bool cause_writes(const struct trace_event *e);
bool cause_same_bytes(const struct trace_event *a, const struct trace_event *b);

/* The last access of the same task to the same bytes before an event; NO_EVENT: none. */
long cause_own_before(const struct story *s, uint32_t event);

/* The first task of a circle in which each waits for what the next one holds; -1: there is none. */
int cause_find_circle(const struct story *s);

bool cause_waits_at_end(const struct story *s, int task);
bool cause_same_place(const struct trace_place *a, const struct trace_place *b);

/* "`queue->lock`": what a task that waits at the end waits for. */
void cause_put_pending(struct story *s, int task);

/* True when something went wrong that values can explain: an assertion, a wrong result, a crash. */
bool cause_is_wrong(const struct story *s);

#endif
