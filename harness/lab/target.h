/* SPDX-License-Identifier: MIT */
/*
 * target - what `lab explore` and `lab replay` work on: an exercise, with its scenarios, or any C
 * file with a main() of its own; built for the schedule runtime.
 *
 *     struct target t = TARGET_EMPTY;
 *     if (target_find(&t, &kit, "counter_mutex", NULL, &err)) …     // no such thing: wrong usage
 *     if (target_build(&t, &err)) …        // it cannot be built, or we failed: could not explore
 *     … t.runner runs it …
 *     target_release(&t);
 */
#ifndef LAB_TARGET_H
#define LAB_TARGET_H

#include "explain/explain.h"
#include "lab/build.h"
#include "lab/run.h"

struct target {
    const struct kit *kit;
    const struct manifest *exercise; /* NULL: a program with a main() of its own */
    struct manifest program;         /* limits and budgets of such a program */
    char *name;                      /* as it was typed: "counter_mutex", "races/bank.c" */
    char *source;                    /* the student's file */
    char *shown;                     /* the same under the name it was built with; NULL: `source` */
    char *probe;                     /* the exercise's probe.c; NULL: none */
    char *given;                     /* code that the exercise gives; NULL: none */
    bool other_file;                 /* not the exercise's own file in labs/ */
    char *note; /* what explore will not see in it, a sentence; NULL: nothing */
    struct build_result built;
    struct runner runner;
    bool open; /* the runner is */
};

#define TARGET_EMPTY ((struct target){.program = MANIFEST_EMPTY, .built = BUILD_RESULT_EMPTY})

/* `word` is an exercise's name or a path of a C file; `source`, when not NULL, a file to use in
 * place of the exercise's own. */
int target_find(
    struct target *t, const struct kit *kit, const char *word, const char *source, struct buf *err);

/* The sentence in `err` may be followed by lines of the compiler. */
int target_build(struct target *t, uint64_t seed, struct buf *err);

/* Limits and budgets: the exercise's, or none. */
const struct manifest *target_manifest(const struct target *t);

/* The files whose lines may be shown. */
struct explain_source target_files(const struct target *t);

void target_release(struct target *t);

#endif
