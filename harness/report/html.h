/* SPDX-License-Identifier: MIT */
/*
 * html - the pieces of a submission's page, shared by html.c, html_check.c and html_trace.c.
 */
#ifndef REPORT_HTML_H
#define REPORT_HTML_H

#include "report/report.h"
#include "report/view.h"

#include <stdbool.h>

/* The whole story of one check that did not pass, as an <article id="id">. */
void html_check(const struct view_exercise *e, const struct view_check *c, const char *id,
    const struct report_context *ctx, struct buf *out);

/* An interleaving in columns, drawn as lanes with its sentence above. False, and nothing added,
 * when the text is not one. */
bool html_trace(const char *text, struct buf *out);

/* A verdict as a small label. */
void html_verdict(enum verdict v, struct buf *out);

/* "good", "bad", "quiet" or "ours": how a verdict looks. */
const char *html_verdict_class(enum verdict v);

/* "3 / 4", with the numbers as scores. */
void html_score(double score, double max_score, struct buf *out);

/* A horizontal bar, filled to `part` of 1. */
void html_bar(double part, const char *class, struct buf *out);

#endif
