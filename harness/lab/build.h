/* SPDX-License-Identifier: MIT */
/*
 * build - from a student's file to a probe, for one tool, with everything cached by content.
 *
 *     struct build_request q = {.kit = &kit, .exercise = m, .tool = t, .source = path, …};
 *     struct build_result r = BUILD_RESULT_EMPTY;
 *     if (build_probe(&q, &r, &err)) …        // we failed: HARNESS_ERROR
 *     if (r.verdict != VERDICT_PASS) …        // COMPILE or REJECTED: r.message, r.findings
 *     … r.probe is the program …
 *     build_result_release(&r);
 *
 * Steps: preprocess → gate on the tokens → compile → gate on the object → link. Each step's product
 * is kept in <build>/cache under a hash of everything that goes into it: source, headers, flags,
 * compiler. Products appear there by rename, so a build that is killed leaves nothing half-made,
 * and several builds at once do no harm. Compilers run in a box with limits, sandboxed when `level`
 * is a sandbox's.
 */
#ifndef LAB_BUILD_H
#define LAB_BUILD_H

#include "base/outcome.h"
#include "box/box.h"
#include "lab/kit.h"
#include "lab/tool.h"

struct build_request {
    const struct kit *kit;
    const struct manifest *exercise; /* NULL: a program with its own main() (lab explore FILE.c) */
    const struct tool *tool;
    const char *source; /* the student's file, a trusted copy or the student's own */
    const char *probe;  /* probe.c to use; NULL: the exercise's */
    enum box_level level;
    bool gate; /* refuse what the exercise does not allow */
    /* Build in this directory, from the source where it lies, uncached, and leave everything there:
     * gcov writes its counts beside the object. NULL: no. */
    const char *keep;
};

struct build_result {
    enum verdict verdict; /* PASS, COMPILE or REJECTED */
    char *probe;          /* path of the program, when PASS */
    char *message;        /* one sentence */
    char *log;            /* the compiler's words, trimmed */
    struct outcome notes; /* findings: places of errors, the gate's warnings */
};

#define BUILD_RESULT_EMPTY ((struct build_result){.notes = OUTCOME_EMPTY})

int build_probe(const struct build_request *q, struct build_result *ret, struct buf *err);
void build_result_release(struct build_result *r);

#endif
