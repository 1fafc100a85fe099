/* SPDX-License-Identifier: MIT */
/*
 * lines - from an address in a program to function, file and line, by its DWARF (libdw).
 *
 *     struct lines *l = lines_open("build/probe", &err);
 *     struct place p;
 *     if (lines_find(l, 0x1234, &p))
 *         printf("%s:%d", p.file, p.line);
 *     lines_close(l);
 *
 * Addresses are those of the file (virtual addresses before loading: what "module+0x1234" in a
 * sanitizer's report is for a position-independent program). Strings in a place live as long as the
 * lines. Not shared between threads.
 */
#ifndef BASE_LINES_H
#define BASE_LINES_H

#include "base/buf.h"

#include <stdbool.h>
#include <stdint.h>

struct lines;

struct place {
    const char *function; /* never NULL; "?" when unknown */
    const char *file;     /* base name, or NULL */
    int line;
};

struct lines *lines_open(const char *program, struct buf *err);
bool lines_find(struct lines *l, uint64_t address, struct place *ret);

/* The name of the global variable (or function) that covers the address; NULL when none does.
 * `ret_offset` is the distance from its start. */
const char *lines_symbol(struct lines *l, uint64_t address, uint64_t *ret_offset);
void lines_close(struct lines *l);

#endif
