/* SPDX-License-Identifier: MIT */
/*
 * seam - the one layer between a probe and the system: every call by which tasks are born, wait,
 * speak to each other or end.
 *
 * The linker sends each function of SEAM_FUNCTIONS through it (`--wrap=f`: a call of `f` becomes
 * `__wrap_f`, and `__real_f` is the C library's). There are two sides to sew it to:
 *
 *   probe/native_*.c      count the call, note on the board what the task waits for, call the real
 *                         one: plain, asan, tsan, memcheck, helgrind, coverage
 *   explore/runtime/      models the call: nothing blocks in the kernel, the schedule is chosen
 *
 * Both report what happened through probe/spy.h, so that a fact means the same under every tool.
 * Calls inside the C library itself are not seen: that is how --wrap works.
 */
#ifndef PROBE_SEAM_H
#define PROBE_SEAM_H

#include "base/board.h"

#include <stdbool.h>

/* clang-format off */
#define SEAM_FUNCTIONS(X) \
    X(pthread_create) X(pthread_join) X(pthread_tryjoin_np) X(pthread_timedjoin_np) X(pthread_detach) \
    X(pthread_mutex_lock) X(pthread_mutex_trylock) X(pthread_mutex_timedlock) X(pthread_mutex_unlock) \
    X(pthread_cond_wait) X(pthread_cond_timedwait) X(pthread_cond_clockwait) \
    X(pthread_cond_signal) X(pthread_cond_broadcast) \
    X(pthread_rwlock_rdlock) X(pthread_rwlock_tryrdlock) X(pthread_rwlock_wrlock) \
    X(pthread_rwlock_trywrlock) X(pthread_rwlock_unlock) \
    X(pthread_spin_lock) X(pthread_spin_trylock) X(pthread_spin_unlock) \
    X(pthread_barrier_wait) \
    X(sem_wait) X(sem_trywait) X(sem_timedwait) X(sem_post) \
    X(thrd_create) X(thrd_join) X(thrd_detach) X(thrd_sleep) X(thrd_yield) \
    X(mtx_lock) X(mtx_trylock) X(mtx_timedlock) X(mtx_unlock) \
    X(cnd_wait) X(cnd_timedwait) X(cnd_signal) X(cnd_broadcast) \
    X(fork) X(vfork) X(wait) X(waitpid) X(waitid) \
    X(pipe) X(pipe2) X(socketpair) X(read) X(write) X(readv) X(writev) X(poll) X(select) \
    X(sleep) X(usleep) X(nanosleep) X(clock_nanosleep) X(sched_yield) \
    X(execv) X(execve) X(execvp) X(posix_spawn) X(posix_spawnp)
/* clang-format on */

/* What each side provides to the rest of the probe runtime. */

/* Waits until `parties` tasks are inside the meeting, see meet() in probe.h. The caller has counted
 * itself in. False when the meeting was broken. */
bool seam_meet(struct board_meeting *m, uint32_t parties);

/* Before the scenario's end is reported: lets detached threads end that are about to. */
void seam_settle(void);

/* Ends the whole probe, all of its processes, because a stub said LAB_TODO(). */
_Noreturn void seam_stop(void);

/* How many of `length` bytes one read() or write() may move, see limit_transfers() in probe.h
 * (shared.c). Both sides ask before every transfer of the student's code. */
size_t seam_transfer(size_t length, bool is_write);

/* May the student's code create one more thread or process, see limit_tasks() in probe.h
 * (shared.c)? Both sides ask before every creation. */
bool seam_may_create(void);

/* What the rest of the probe runtime provides (scenario.c). */

/* The board of this probe; NULL before scenario_attach(). */
extern struct board *board;

/* Maps BOARD_FD and closes it. False: there is none (the program was started by hand). */
bool scenario_attach(void *wish);

/* Runs the scenario that the board asks for and completes the transcript. Returns the exit
 * status: 0, or 70 when the request could not be understood (BOARD_BROKEN). */
int scenario_run(void);

#endif
