/* SPDX-License-Identifier: MIT */
/*
 * telling - one interleaving on standard output, for `lab explore` and `lab replay`: what went
 * wrong in the judge's words, the steps in columns, the sentence; and as a page when one is wanted.
 */
#ifndef LAB_TELLING_H
#define LAB_TELLING_H

#include "lab/replaying.h"

/* `claim`: what was searched, for the page; may be NULL. `command`: shows it again; may be NULL. */
int tell_interleaving(const struct replaying *r, const struct target *t,
    const struct explore_request *q, const char *claim, const char *command, struct buf *err);

/* How the terminal wants it: its width (80 where there is none), colours or not. */
struct explain_text_options telling_options(void);

#endif
