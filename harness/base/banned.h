/* SPDX-License-Identifier: MIT */
/*
 * banned - functions that this kit does without, as compile errors. The Makefile includes it into
 * every file of the harness (-include).
 *
 * Each has a better way: strcpy and sprintf write without a limit (snprintf, struct buf), atoi
 * cannot say that it failed (strtol), system and popen hand words to a shell (fork and execv),
 * tmpnam names a file that somebody else may make first (mkdtemp).
 */
#ifndef BASE_BANNED_H
#define BASE_BANNED_H

/* Their declarations come first: what is poisoned may not be declared any more. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#pragma GCC poison strcpy strcat sprintf vsprintf gets atoi atol system popen tmpnam mktemp

#endif
