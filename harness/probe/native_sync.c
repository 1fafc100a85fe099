/* SPDX-License-Identifier: MIT */
/* native side of the seam: locks, conditions, semaphores, barriers, POSIX and C11. */
#include "probe/native.h"

#include <stdlib.h>

/* A lock call that succeeded makes the caller the owner; robust mutexes succeed with EOWNERDEAD. */
static int locked(int error, const void *lock)
{
    if (error == 0 || error == EOWNERDEAD)
        spy_locked(lock);
    return error;
}

/* Given back first: once the real call is over, somebody else may own the lock already. */
#define UNLOCKING(lock, call) (spy_unlocked(lock), (call))

int __wrap_pthread_mutex_lock(pthread_mutex_t *m)
{
    return locked(WAITING(TASK_IN_LOCK, m, __real_pthread_mutex_lock(m)), m);
}

int __wrap_pthread_mutex_trylock(pthread_mutex_t *m)
{
    return locked(__real_pthread_mutex_trylock(m), m);
}

int __wrap_pthread_mutex_timedlock(pthread_mutex_t *m, const struct timespec *until)
{
    return locked(WAITING(TASK_IN_SLEEP, m, __real_pthread_mutex_timedlock(m, until)), m);
}

int __wrap_pthread_mutex_unlock(pthread_mutex_t *m)
{
    return UNLOCKING(m, __real_pthread_mutex_unlock(m));
}

/* A wait gives the mutex back and takes it again. */
#define COND_WAIT(state, c, m, call)          \
    __extension__({                           \
        spy_count(SPY_COND_WAITS);            \
        spy_unlocked(m);                      \
        int error_ = WAITING(state, c, call); \
        spy_locked(m);                        \
        error_;                               \
    })

int __wrap_pthread_cond_wait(pthread_cond_t *c, pthread_mutex_t *m)
{
    return COND_WAIT(TASK_IN_COND, c, m, __real_pthread_cond_wait(c, m));
}

static int timed_out(int error)
{
    if (error == ETIMEDOUT)
        spy_count(SPY_SLEEPS);
    return error;
}

int __wrap_pthread_cond_timedwait(
    pthread_cond_t *c, pthread_mutex_t *m, const struct timespec *until)
{
    return timed_out(COND_WAIT(TASK_IN_SLEEP, c, m, __real_pthread_cond_timedwait(c, m, until)));
}

int __wrap_pthread_cond_clockwait(
    pthread_cond_t *c, pthread_mutex_t *m, clockid_t clock, const struct timespec *until)
{
    return timed_out(
        COND_WAIT(TASK_IN_SLEEP, c, m, __real_pthread_cond_clockwait(c, m, clock, until)));
}

int __wrap_pthread_cond_signal(pthread_cond_t *c)
{
    spy_count(SPY_COND_SIGNALS);
    return __real_pthread_cond_signal(c);
}

int __wrap_pthread_cond_broadcast(pthread_cond_t *c)
{
    spy_count(SPY_COND_BROADCASTS);
    return __real_pthread_cond_broadcast(c);
}

static int counted(int error, enum spy_count what)
{
    if (!error)
        spy_count(what);
    return error;
}

int __wrap_pthread_rwlock_rdlock(pthread_rwlock_t *l)
{
    return counted(WAITING(TASK_IN_LOCK, l, __real_pthread_rwlock_rdlock(l)), SPY_RWLOCK_READS);
}

int __wrap_pthread_rwlock_tryrdlock(pthread_rwlock_t *l)
{
    return counted(__real_pthread_rwlock_tryrdlock(l), SPY_RWLOCK_READS);
}

int __wrap_pthread_rwlock_wrlock(pthread_rwlock_t *l)
{
    return counted(WAITING(TASK_IN_LOCK, l, __real_pthread_rwlock_wrlock(l)), SPY_RWLOCK_WRITES);
}

int __wrap_pthread_rwlock_trywrlock(pthread_rwlock_t *l)
{
    return counted(__real_pthread_rwlock_trywrlock(l), SPY_RWLOCK_WRITES);
}

int __wrap_pthread_rwlock_unlock(pthread_rwlock_t *l)
{
    return __real_pthread_rwlock_unlock(l);
}

int __wrap_pthread_spin_lock(pthread_spinlock_t *l)
{
    return locked(__real_pthread_spin_lock(l), (const void *)l);
}

int __wrap_pthread_spin_trylock(pthread_spinlock_t *l)
{
    return locked(__real_pthread_spin_trylock(l), (const void *)l);
}

int __wrap_pthread_spin_unlock(pthread_spinlock_t *l)
{
    return UNLOCKING((const void *)l, __real_pthread_spin_unlock(l));
}

int __wrap_pthread_barrier_wait(pthread_barrier_t *b)
{
    spy_count(SPY_BARRIER_WAITS);
    return WAITING(TASK_IN_BARRIER, b, __real_pthread_barrier_wait(b));
}

int __wrap_sem_wait(sem_t *s)
{
    spy_count(SPY_SEM_WAITS);
    return WAITING(TASK_IN_SEM, s, __real_sem_wait(s));
}

int __wrap_sem_trywait(sem_t *s)
{
    return __real_sem_trywait(s);
}

int __wrap_sem_timedwait(sem_t *s, const struct timespec *until)
{
    spy_count(SPY_SEM_WAITS);
    return WAITING(TASK_IN_SLEEP, s, __real_sem_timedwait(s, until));
}

int __wrap_sem_post(sem_t *s)
{
    spy_count(SPY_SEM_POSTS);
    return __real_sem_post(s);
}

/*
 * C11's locks are POSIX locks in glibc, by another name for the same bytes. They go through the
 * POSIX calls, because ThreadSanitizer and Helgrind know only those: by their own names, every
 * correct program with mtx_t would seem to race.
 */
_Static_assert(sizeof(mtx_t) <= sizeof(pthread_mutex_t), "mtx_t is a pthread_mutex_t");
_Static_assert(sizeof(cnd_t) == sizeof(pthread_cond_t), "cnd_t is a pthread_cond_t");

static int c11_result(int error)
{
    return error == 0           ? thrd_success
           : error == EBUSY     ? thrd_busy
           : error == ETIMEDOUT ? thrd_timedout
           : error == ENOMEM    ? thrd_nomem
                                : thrd_error;
}

int __wrap_mtx_lock(mtx_t *m)
{
    pthread_mutex_t *mutex = (pthread_mutex_t *)m;

    return c11_result(locked(WAITING(TASK_IN_LOCK, m, __real_pthread_mutex_lock(mutex)), m));
}

int __wrap_mtx_trylock(mtx_t *m)
{
    return c11_result(__wrap_pthread_mutex_trylock((pthread_mutex_t *)m));
}

int __wrap_mtx_timedlock(mtx_t *restrict m, const struct timespec *restrict until)
{
    pthread_mutex_t *mutex = (pthread_mutex_t *)m;

    return c11_result(
        locked(WAITING(TASK_IN_SLEEP, m, __real_pthread_mutex_timedlock(mutex, until)), m));
}

int __wrap_mtx_unlock(mtx_t *m)
{
    return c11_result(__wrap_pthread_mutex_unlock((pthread_mutex_t *)m));
}

int __wrap_cnd_wait(cnd_t *c, mtx_t *m)
{
    pthread_cond_t *cond = (pthread_cond_t *)c;
    pthread_mutex_t *mutex = (pthread_mutex_t *)m;

    return c11_result(COND_WAIT(TASK_IN_COND, c, m, __real_pthread_cond_wait(cond, mutex)));
}

int __wrap_cnd_timedwait(
    cnd_t *restrict c, mtx_t *restrict m, const struct timespec *restrict until)
{
    pthread_cond_t *cond = (pthread_cond_t *)c;
    pthread_mutex_t *mutex = (pthread_mutex_t *)m;
    int error = COND_WAIT(TASK_IN_SLEEP, c, m, __real_pthread_cond_timedwait(cond, mutex, until));

    return c11_result(timed_out(error));
}

int __wrap_cnd_signal(cnd_t *c)
{
    return c11_result(__wrap_pthread_cond_signal((pthread_cond_t *)c));
}

int __wrap_cnd_broadcast(cnd_t *c)
{
    return c11_result(__wrap_pthread_cond_broadcast((pthread_cond_t *)c));
}
