/* SPDX-License-Identifier: MIT */
/*
 * exploration - everything that one `lab explore` finds out.
 *
 * A program with a main() of its own is one *hunt*: one search. Of an exercise, the judge's checks
 * under `explore` are run, and each run() of theirs is a hunt; so the judge, and nobody else, knows
 * what was promised, and each outcome that it complains of carries its words. After the hunt in
 * which something failed no other begins, unless the options say so.
 *
 *     struct exploration e = EXPLORATION_EMPTY;
 *     if (exploration_run(&e, &target, &request, &err)) …      // could not explore
 *     … e.hunts …
 *     exploration_release(&e);
 */
#ifndef LAB_EXPLORATION_H
#define LAB_EXPLORATION_H

#include "lab/explore_request.h"
#include "lab/target.h"

struct hunt {
    char *scenario; /* NULL: main() */
    char *args;
    const struct check *check; /* who asked for it; NULL: nobody, nothing is promised */
    char *const *facts;        /* the ones to show, see manifest.h; NULL: all */
    struct explore_options options;
    struct explore_result found;
    char **broken; /* for each outcome: what the judge says against it, or NULL */
    bool unseen;   /* explore does not see or control all that it does */
    size_t before; /* outcomes of earlier hunts of the same check */
};

struct exploration {
    struct target *target;
    const struct explore_request *request;
    struct hunt *hunts;
    size_t n_hunts;
    bool stopped; /* hunts were left out because something was found */
    bool quick;   /* hunts have a small budget so far */
    long long began_ms;
};

#define EXPLORATION_EMPTY ((struct exploration){0})

int exploration_run(
    struct exploration *e, struct target *t, const struct explore_request *q, struct buf *err);
void exploration_release(struct exploration *e);

/* What is wrong with an outcome, in a sentence; NULL: nothing. */
const char *hunt_complaint(const struct hunt *h, size_t outcome);

/* An outcome that says that the program cannot be explored: a part is not written yet, or it uses
 * what explore does not control. NULL: none. */
const struct outcome *exploration_refusal(const struct exploration *e);

/* The outcome that shows most plainly what is wrong: a wrong result before a mere race, few
 * switches before many, a short one before a long one. False when nothing failed. */
bool exploration_worst(const struct exploration *e, size_t *ret_hunt, size_t *ret_outcome);

#endif
