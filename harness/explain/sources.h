/* SPDX-License-Identifier: MIT */
/*
 * sources - lines of the files that may be shown, found by base name.
 *
 *     struct sources *s = sources_open(files, n);
 *     sources_line(s, "counter_mutex.c", 12);      // "counter->value += amount;"
 *     sources_close(s);
 *
 * The texts are clean, without the spaces at both ends, and live as long as the sources. Nothing
 * but the listed files is ever opened: a `#line` in a student's file leads nowhere.
 */
#ifndef EXPLAIN_SOURCES_H
#define EXPLAIN_SOURCES_H

#include <stdbool.h>
#include <stddef.h>

struct sources;

/* NULL entries, and files that cannot be read, are skipped. */
struct sources *sources_open(const char *const *paths, size_t count);
void sources_close(struct sources *s);

/* One line without the spaces around it; NULL when it is not known. */
const char *sources_line(const struct sources *s, const char *file, int line);

/* All of them. */
size_t sources_files(const struct sources *s);
const char *sources_name(const struct sources *s, size_t index);

/* Whether a line may be named: a line of a listed file, or any when no file is listed. */
bool sources_has(const struct sources *s, const char *file, int line);

/* The base name of the first listed file, NULL: none; of any one, the number of lines, and a line
 * with its indentation. */
const char *sources_main(const struct sources *s);
int sources_count(const struct sources *s, const char *file);
const char *sources_raw(const struct sources *s, const char *file, int line);

#endif
