/* SPDX-License-Identifier: MIT */
/*
 * tree - the end of every process below lab-init.
 */
#ifndef BOX_INIT_TREE_H
#define BOX_INIT_TREE_H

#include <stdbool.h>
#include <sys/types.h>

/* Kills all descendants and waits for them, as often as it takes. `group` is the command's process
 * group, or 0; `is_namespace`: we are pid 1. Returns how many were waited for. */
unsigned tree_end(pid_t group, bool is_namespace);

#endif
