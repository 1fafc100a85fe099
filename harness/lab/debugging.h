/* SPDX-License-Identifier: MIT */
/*
 * debugging - an interleaving in gdb: the program runs under its schedule, stands still at the last
 * step that the explanation speaks of, and gdb is attached there. All threads are where they were
 * in the story; what they hold and what they have read can be looked at.
 */
#ifndef LAB_DEBUGGING_H
#define LAB_DEBUGGING_H

#include "lab/replaying.h"

/* Returns when the person has left gdb. */
int debug_interleaving(const struct replaying *r, struct target *t, const struct explore_request *q,
    const struct schedule_words *w, struct buf *err);

#endif
