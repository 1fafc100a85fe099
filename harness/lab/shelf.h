/* SPDX-License-Identifier: MIT */
/*
 * shelf - everything of the kit that has a known verdict: stubs, solutions, alternatives, wrongs.
 *
 *     struct shelf shelf = SHELF_EMPTY;
 *     shelf_add_exercise(&shelf, &kit, m);      // for each exercise
 *     … run shelf.specimens, print shelf.complaints …
 *     shelf_release(&shelf);
 *
 * Complaints are sentences about what is missing or out of place, each with its fix.
 */
#ifndef LAB_SHELF_H
#define LAB_SHELF_H

#include "base/verdict.h"
#include "lab/kit.h"

/* A file with the verdict that its checks must have. */
struct specimen {
    const struct manifest *exercise;
    char *path;
    char *tool; /* NULL: every check of the rubric */
    char *test;
    enum verdict expected;
};

struct shelf {
    struct specimen *specimens;
    size_t n_specimens;
    char **complaints;
    size_t n_complaints;
};

#define SHELF_EMPTY ((struct shelf){0})

enum { SHELF_WRONGS = 8, SHELF_ALTERNATIVES = 2, SHELF_POINTS = 10 };

void shelf_add_exercise(struct shelf *s, const struct kit *kit, const struct manifest *m);
void shelf_release(struct shelf *s);

/* Reads "// expect: test@tool VERDICT". False when the line is not of that form. */
bool shelf_parse_expectation(
    const char *line, char **ret_test, char **ret_tool, enum verdict *ret_verdict);

#endif
