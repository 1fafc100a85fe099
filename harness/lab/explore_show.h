/* SPDX-License-Identifier: MIT */
/*
 * explore_show - an exploration as a person reads it in a terminal: what was searched, which ends
 * there were, the plainest failure step by step, and the command that shows it again.
 */
#ifndef LAB_EXPLORE_SHOW_H
#define LAB_EXPLORE_SHOW_H

#include "lab/exploration.h"

/* "total=2 in 14, total=1 in 6 of 20 interleavings; there are no others." */
void show_outcomes(const struct hunt *h, struct buf *out);

/* What was covered, a paragraph for each hunt. */
void show_hunts(const struct exploration *e, struct buf *out);

#endif
