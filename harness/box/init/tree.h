/* SPDX-License-Identifier: MIT */
/*
 * tree - the end of every process below lab-init.
 */
#ifndef BOX_INIT_TREE_H
#define BOX_INIT_TREE_H

#include <sys/types.h>

enum tree_kind {
    TREE_PLAIN,     /* no help from the kernel: look for descendants again and again */
    TREE_USER,      /* a user of its own has all of it, and nothing else */
    TREE_NAMESPACE, /* we are pid 1 */
};

struct tree {
    enum tree_kind kind;
    pid_t group; /* the command's process group */
    uid_t user;
};

/* Kills all descendants and waits for them, as often as it takes. Returns how many there were. */
unsigned tree_end(const struct tree *t);

#endif
