/* SPDX-License-Identifier: MIT */
/*
 * policy_names - the long lists behind policy.c: what honest code calls. Separated by spaces; a
 * final '*' stands for any rest. NULL ends each array.
 */
#ifndef GATE_POLICY_NAMES_H
#define GATE_POLICY_NAMES_H

/* ISO C, POSIX basics, threads, semaphores. */
extern const char *const policy_base_names[];

/* What compilers and the C library's headers put into objects by themselves. */
extern const char *const policy_compiler_names[];

/* Functions of <math.h> and <complex.h> of type double; f and l may follow. */
extern const char policy_math_names[];

/* C library names that are younger than the oldest system that we support. A student's own function
 * of this name is honest; it is noted and not refused. */
extern const char policy_young_names[];

#endif
