/* SPDX-License-Identifier: MIT */
/*
 * text - the pieces of the report for a terminal, shared by text.c and text_check.c.
 */
#ifndef REPORT_TEXT_H
#define REPORT_TEXT_H

#include "report/report.h"
#include "report/view.h"
#include "report/writers.h"

enum text_style { STYLE_PLAIN, STYLE_BOLD, STYLE_DIM, STYLE_GOOD, STYLE_BAD, STYLE_OURS };

/* Switches the style on; STYLE_PLAIN switches off. Nothing without ctx->colour. */
void text_style(const struct report_context *ctx, enum text_style style, struct buf *out);

/* How a verdict looks. */
enum text_style text_verdict_style(enum verdict v);

/* Whether a check has a story: what passed, was not run, is still to be written or could not be
 * graded has none. */
bool text_has_story(enum verdict v);

/* Every check of the exercise says this. */
bool text_all(const struct view_exercise *e, enum verdict v);

/* Nothing of the exercise is written yet. */
bool text_untouched(const struct view_exercise *e);

/* Checks that failed by what the student wrote. */
size_t text_failures(const struct view_exercise *e);

/* The whole story of one failed check. */
void text_check(const struct view_exercise *e, const struct view_check *c,
    const struct report_context *ctx, struct buf *out);

/* Whether a finding says no more than the check's message and first place do. */
bool text_said(const struct view_check *c, const json_t *finding);

/* The command that repeats one check, for a shell. */
void text_repeat_command(const struct view_exercise *e, const struct view_check *c,
    const struct report_context *ctx, struct buf *out);

/* "3 PASS, 1 RACE, 1 NOT_RUN": what went right, what went wrong, what was not run. */
void text_verdicts(const size_t *count, struct buf *out);

/* "12" or "1 check", "2 checks". */
void text_count(struct buf *out, size_t n, const char *noun);

#endif
