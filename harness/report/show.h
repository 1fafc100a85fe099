/* SPDX-License-Identifier: MIT */
/*
 * show - text of unknown origin, made fit to be shown.
 *
 * Messages, file names and source lines may come from a hostile program. Every function here first
 * makes visible what a reader would not see or a terminal would obey: control characters become
 * \x1b, invisible and direction-changing ones \u202e, bytes that are not UTF-8 \xff. Newlines
 * stay, unless one line is asked for; a tab becomes four spaces. Then it escapes for its format.
 * NULL counts as the empty text.
 */
#ifndef REPORT_SHOW_H
#define REPORT_SHOW_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

/* Visible text; show_line() also turns each run of newlines into one space. */
void show_text(struct buf *out, const char *text);
void show_bytes(struct buf *out, const char *bytes, size_t length);
void show_line(struct buf *out, const char *text);

/* For text between tags and in quoted attributes of XML and HTML alike. */
void show_xml(struct buf *out, const char *text);

/* Markdown: one line of running text, as a code span, and as a fenced block. */
void show_markdown(struct buf *out, const char *text);
void show_markdown_code(struct buf *out, const char *text);
void show_markdown_block(struct buf *out, const char *text);

/* GitHub workflow commands: the data after ::, and a property between commas. */
void show_workflow_data(struct buf *out, const char *text);
void show_workflow_property(struct buf *out, const char *text);

/* One word for a shell, quoted when it needs to be. */
void show_shell_word(struct buf *out, const char *text);

/* A score: at most two decimals, no trailing zeros, never an exponent or "-0". */
void show_number(struct buf *out, double number);

/* "0.2 s", "1 min 5 s"; nothing below a tenth of a second: "". */
void show_duration(struct buf *out, double ms);

/* Columns that visible text takes in a terminal: wide characters two, combining ones none. */
size_t show_columns(const char *text);

/* One visible line in exactly `columns`: cut with "..." or padded with spaces. */
void show_padded(struct buf *out, const char *text, size_t columns);

/* Words of one paragraph or several (newlines stay), broken before `width`; every line but the
 * first begins with `indent` spaces. No newline at the end. */
void show_wrapped(struct buf *out, const char *text, size_t indent, size_t width);

/* The first `lines` lines of the text and at most `bytes` bytes, and how much is left out. */
void show_head(struct buf *out, const char *text, size_t lines, size_t bytes);

#endif
