/* SPDX-License-Identifier: MIT */
/*
 * clean - makes text of unknown origin safe to show.
 *
 *     struct buf shown = BUF_EMPTY;
 *     clean_text(&shown, bytes, length, 4096);
 *
 * What a terminal would obey, or a reader could be fooled by, becomes a visible escape as C writes
 * it: control characters (`\x1b`; C1 too), bidirectional overrides and invisible characters
 * (`\u202e`), bytes that are not UTF-8 (`\xff`). The result is valid UTF-8 of characters that XML
 * 1.0, JSON and a terminal all accept; `<` and `&` are still the writer's business. Cleaning what
 * is clean changes nothing: a backslash stays one.
 *
 * Safe from any thread and after fork.
 */
#ifndef BASE_CLEAN_H
#define BASE_CLEAN_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

/* Adds the text to `out`, tabs and line ends kept (CR LF becomes LF). When it would be more than
 * `most` bytes (0: no limit) it ends early, with a line "[cut: 1234 more bytes]". */
void clean_text(struct buf *out, const void *bytes, size_t length, size_t most);

/* The same on one line, for names and messages: line ends and tabs become `\n` and `\t`, and a cut
 * ends in "…". */
void clean_line(struct buf *out, const void *bytes, size_t length, size_t most);

/* clean_line() of a string, in memory of its own. */
char *clean_name(const char *text, size_t most);

/* Whether all bytes are UTF-8 (RFC 3629); `ret_offset`, if not NULL, is where the first bad one is.
 */
bool clean_is_utf8(const void *bytes, size_t length, size_t *ret_offset);

#endif
