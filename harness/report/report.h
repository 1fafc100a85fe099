/* SPDX-License-Identifier: MIT */
/*
 * report - every way in which a result is shown.
 *
 * A writer is a pure view: it reads one result (the JSON of schema `interleave/result/1`) and adds
 * text to a buf. It changes nothing, opens nothing but the student's files for excerpts, and prints
 * nothing. The whole of `--format` is the table below.
 *
 *     struct report_context ctx = REPORT_CONTEXT_DEFAULT;
 *     ctx.files = "labs";
 *     const struct report_writer *w = report_find("junit");
 *     if (w->write(result, &ctx, &out, &err) < 0) …     // a HARNESS_ERROR: one sentence in err
 *
 * Beyond the fields that the design names, writers use these where they are there:
 *     result    "error"  a sentence: this submission could not be graded at all
 *               "messages" list of strings about the machine ("no user namespaces: …")
 *     exercise  "title", "unit", "file" (base name of the edited file), "seed", "minutes"
 *     check     "needs", "assertions", "repeat" (the command that repeats just this check), "notes"
 *     outcome   "verdict", "text", "findings", "schedule", "steps", "preemptions"
 * Nothing is required but "exercises" and, in them, "id" and "checks".
 *
 * Trust: every string in a result may come from a student's program or file name. A writer escapes
 * for its format and makes control characters visible, always, through report/show.h.
 *
 * Nothing here is shared between threads; everything is safe after fork.
 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "base/buf.h"

#include <jansson.h>
#include <stdbool.h>

struct report_context {
    const char *files;   /* directory of the student's files, for excerpts; NULL: no excerpts */
    const char *prefix;  /* what a path in an annotation starts with ("labs"); NULL: bare names */
    const char *lab;     /* how this reader starts the program, "build/lab" */
    const char *version; /* the kit's, where the result does not say; may be NULL */
    const char *now;     /* ISO 8601 time for formats that want one; NULL: the field is left out */
    struct buf *summary; /* github: gets the Markdown; NULL: it follows the annotations */
    const json_t *extra; /* classroom50: object of the fields that only CI knows; may be NULL */
    int width;           /* columns of the text report */
    bool colour;         /* text: ANSI colours */
    bool verbose;        /* text: nothing is folded */
    bool guide;          /* text: the reader edits these files: say what to do next */
    bool several;        /* live lines: of several exercises at a time, so each names its own */
    bool in_actions;     /* text goes to a GitHub Actions log: no line of it may be a command */
};

#define REPORT_CONTEXT_DEFAULT \
    ((struct report_context){.lab = "build/lab", .width = 80, .guide = true})

struct report_writer {
    const char *name; /* as in --format */
    const char *help; /* one line for the usage text */
    int (*write)(
        const json_t *result, const struct report_context *ctx, struct buf *out, struct buf *err);
};

/* In the order of the usage text; ends with a row whose name is NULL. */
extern const struct report_writer report_writers[];

/* The writer of that name, or NULL. */
const struct report_writer *report_find(const char *name);

/* One line about one check, for output while the others still run:
 *     "WRONG           no update is lost, whatever the schedule        explore  0.2 s\n"
 * A long title takes the room of the duration, then of the tool, before it is cut.
 * Works on a check object of a result file, complete or not. */
void report_check_line(const json_t *check, const struct report_context *ctx, struct buf *out);

/* The table of exercises alone, as the text report starts with it. */
void report_table(const json_t *result, const struct report_context *ctx, struct buf *out);

#endif
