/* SPDX-License-Identifier: MIT */
/*
 * check - the self-test: `lab-init check` as the command of a box tries what a box must not let it
 * do. The exit status is the sum of what it could do; 0: all held.
 */
#ifndef BOX_INIT_CHECK_H
#define BOX_INIT_CHECK_H

enum check_hole {
    CHECK_SECCOMP = 1,    /* a denied system call went through */
    CHECK_LANDLOCK = 2,   /* a directory that was not allowed could be read */
    CHECK_NAMESPACES = 4, /* processes or files of the machine are visible */
    CHECK_SUPERVISOR = 8, /* lab-init's memory can be opened */
    CHECK_USER = 16,      /* it is root */
    CHECK_WORK = 32,      /* what must work does not: a file, a child, a pipe */
};

/* `in_namespaces`: whether it is meant to be in some. Prints what is wrong, one line each. */
int check_holes(int in_namespaces);

#endif
