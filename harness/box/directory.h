/* SPDX-License-Identifier: MIT */
/*
 * directory - a private writable directory for a box that has no /tmp of its own.
 */
#ifndef BOX_DIRECTORY_H
#define BOX_DIRECTORY_H

#include "base/buf.h"

#include <sys/types.h>

/* Makes one under $TMPDIR or /tmp; it belongs to `user` (0: to us). NULL on failure. Those that a
 * killed grader has left are removed on the way. */
char *directory_make(uid_t user, struct buf *err);

/* Removes it with all that is in it, and frees the path. NULL is fine. */
void directory_remove(char *path);

#endif
