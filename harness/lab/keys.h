/* SPDX-License-Identifier: MIT */
/*
 * keys - single keys from a terminal, or from a file that stands in for one.
 *
 *     if (keys_begin(&err)) …
 *     while ((k = keys_next()) != KEY_QUIT) …
 *     keys_end();
 *
 * Between begin and end the terminal gives each key at once and does not show it. A signal that
 * ends or stops the program puts it back first. One user in a process.
 */
#ifndef LAB_KEYS_H
#define LAB_KEYS_H

#include "base/buf.h"

enum key { KEY_OTHER, KEY_FORWARD, KEY_BACK, KEY_FIRST, KEY_LAST, KEY_QUIT };

int keys_begin(struct buf *err);

/* Waits. KEY_QUIT at the end of input, too. */
enum key keys_next(void);

void keys_end(void);

#endif
