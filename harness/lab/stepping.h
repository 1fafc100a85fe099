/* SPDX-License-Identifier: MIT */
/*
 * stepping - through an interleaving by key, forward and back.
 *
 * On a terminal each step is a screen of its own, and keys act at once; the terminal is as it was
 * afterwards, whatever ends the program. Where standard input is no terminal its bytes are the
 * keys, and where standard output is none the screens follow each other: so it can be tested, and
 * piped.
 */
#ifndef LAB_STEPPING_H
#define LAB_STEPPING_H

#include "explain/explain.h"

/* Ends at the key q or at the end of input. */
int step_through(const struct story *s, struct buf *err);

#endif
