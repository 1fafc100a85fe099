/* SPDX-License-Identifier: MIT */
/*
 * whereis - the student's line of a place in an object that is not linked yet.
 *
 *     struct whereis w = {.path = "x.o", .file = "counter_mutex.c"};
 *     int line = whereis_code(&w, section, offset);     // 0: unknown
 *     whereis_release(&w);
 *
 * DWARF is only opened when the first question comes, because most objects raise none. Lines in
 * other files than `file` count as unknown.
 */
#ifndef GATE_WHEREIS_H
#define GATE_WHEREIS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct whereis {
    const char *path;
    const char *file;  /* the student's; only the base name matters */
    struct Dwfl *dwfl; /* NULL until the first question */
    struct Dwfl_Module *module;
    bool tried;
};

/* The line of the instruction at `offset` in section number `section`. */
int whereis_code(struct whereis *w, size_t section, uint64_t offset);

/* The line on which a function or variable of file scope is defined. */
int whereis_definition(struct whereis *w, const char *name);

void whereis_release(struct whereis *w);

#endif
