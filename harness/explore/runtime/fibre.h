/* SPDX-License-Identifier: MIT */
/*
 * fibre - all threads of a process on one thread of the kernel.
 *
 * Only one task runs at a time, and the schedule says which: so the kernel's own threads, with a
 * system call for each hand-over and the scheduler behind it, are more than an execution needs. A
 * *fibre* is a stack with the registers that a function call preserves; going from one to the other
 * is a function call (the many-to-one model of the textbooks, with our schedule as the library).
 *
 * What a C library keeps for each thread - errno, thread-local variables, what pthread_self()
 * returns - it makes in pthread_create() alone. So a real thread is started for each fibre: it
 * *lends* its stack and what its thread pointer leads to, and ends there and then. Both remain, and
 * a fibre goes on with them. Some are lent before the first execution, for all.
 *
 *     fibres_prepare(stacks);                       // in the zygote, once
 *     error = fibre_start(n, wish, entry, &thread); // fibre n will begin in entry()
 *     fibre_switch(0, n);                           // … now; returns when somebody comes back to 0
 *
 * Fibre 0 is the thread that a process begins with. Fibres are copied by fork() with everything
 * else; their numbers are unique in an execution, over all its processes. Not async-signal-safe.
 */
#ifndef RUNTIME_FIBRE_H
#define RUNTIME_FIBRE_H

#include <pthread.h>
#include <stdbool.h>

/* Can this machine do it? Where not, tasks are threads of the kernel. */
bool fibres_possible(void);

/* `stacks`: WORLD_STACK bytes for each fibre. 0, or an errno value. */
int fibres_prepare(void *stacks);

/* `wish`: NULL, or what the program asked of pthread_create(). Returns what that would return. */
int fibre_start(
    unsigned fibre, const pthread_attr_t *wish, void (*entry)(void), pthread_t *ret_thread);

void fibre_switch(unsigned from, unsigned to);

/* Attributes of a thread on the stack of this fibre; the program's own wish where ours is too small
 * for it. To be destroyed. */
pthread_attr_t fibre_attributes(unsigned fibre, const pthread_attr_t *wish);

/* The lowest address of its stack. */
char *fibre_stack(unsigned fibre);

#endif
