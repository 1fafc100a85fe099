/* SPDX-License-Identifier: MIT */
/*
 * explain - one recorded execution, told to a person: which thread did what, line by line and value
 * by value, and one sentence that says what went wrong.
 *
 *     struct explain_source where = {.program = "probe", .files = {"labs/…/counter_mutex.c"}};
 *     struct story *s = story_open(&trace, &where, &err);
 *     puts(story_sentence(s));
 *     explain_text(s, &options, &out);           // columns for a terminal
 *     explain_html(s, &page, &out, &err);        // a page to step through
 *     story_close(s);
 *
 * A trace is a copy that nobody changes any more (explore/arena.h makes it); every number in it
 * comes from the program under test and is checked before it is used as an index. Names come from
 * the program's DWARF. Source text is read from the files that are listed and from no others,
 * whatever path the debug information may name. All text that leaves here is clean (base/clean.h).
 *
 * Reading order: names.h (address → name), story.h (events → rows), cause.h (rows → sentence), then
 * the two writers: text.c, and html.h with state.h (how things stand at each step). Not shared
 * between threads.
 */
#ifndef EXPLAIN_EXPLAIN_H
#define EXPLAIN_EXPLAIN_H

#include "base/buf.h"
#include "explore/trace.h"

#include <stdbool.h>
#include <stddef.h>

enum { EXPLAIN_FILES = 4 };

/* The trace: counts are in `result`. Owned by the caller, and alive as long as the story. */
struct explain_trace {
    const struct trace_result *result;
    const struct trace_event *events;
    const struct trace_task *tasks;
    const struct trace_frame *frames;
    const struct trace_block *blocks;
    const struct trace_finding *findings;
};

struct explain_source {
    const char *program;              /* the explore build, with DWARF */
    const char *files[EXPLAIN_FILES]; /* whose lines may be shown, found by base name; [0] is the
                                         student's; NULL: none */
};

struct story;

/* NULL with a sentence when the program's debug information cannot be read. */
struct story *story_open(
    const struct explain_trace *t, const struct explain_source *source, struct buf *err);
void story_close(struct story *s);

/* What went wrong, for somebody in the first week of threads: one to three plain sentences with
 * threads, variables and lines. Says "nothing" in words when nothing went wrong. Alive as long as
 * the story. */
const char *story_sentence(const struct story *s);

/* "lost-update", "deadlock", "lost-wakeup", "race", …: a word for results. */
const char *story_kind(const struct story *s);

/* The student's line that the sentence is about; 0 when there is none. */
int story_line(const struct story *s);

/* The last step that the sentence speaks of, as an event of the trace; the last step of all when it
 * speaks of none. False: there are no steps. `ret_step` is its number for people. */
bool story_last(const struct story *s, uint32_t *ret_event, size_t *ret_step);

/* Whoever knows better what was promised ("total was 1, expected 2") says so before the story is
 * written. Copied. */
void story_promise(struct story *s, const char *what_happened);

struct explain_text_options {
    unsigned width; /* columns of the terminal; 0: 80 */
    unsigned
        most_rows; /* longer stories lose their middle, with a word that says so; 0: no limit */
    bool colour;
    const char *replay; /* command that shows this again; NULL: no such line */
};

/* One column per thread, one row per visible operation. With more threads than fit side by side it
 * becomes one list. Every line ends with a newline and is at most `width` columns wide, except the
 * replay line, which is never broken. */
void explain_text(
    const struct story *s, const struct explain_text_options *options, struct buf *out);

/* The rows up to and with step `upto` (from 1), and where every thread stands then: for stepping
 * through in a terminal. */
void explain_step(const struct story *s, const struct explain_text_options *options, size_t upto,
    struct buf *out);
size_t story_steps(const struct story *s);

struct explain_page {
    const char *title;  /* "counter_mutex" */
    const char *replay; /* as above */
    const char *claim;  /* "all 20 interleavings explored: …"; NULL: nothing */
};

/* The whole page, self-contained: it loads nothing and works from a file. */
int explain_html(
    const struct story *s, const struct explain_page *page, struct buf *out, struct buf *err);

#endif
