/* SPDX-License-Identifier: MIT */
/*
 * mutex - mutexes of every type, POSIX and C11, and spin locks, which are the same to a scheduler.
 */
#include "explore/runtime/spying.h"
#include "explore/runtime/world.h"
#include "explore/runtime/wrap.h"

#include <errno.h>

enum { KIND_MASK = 3, KIND_ROBUST = 16 }; /* of glibc's pthread_mutex_t */

/* A mutex that was set up by an initialiser is met here for the first time: its type is inside. */
static struct object *mutex_of(pthread_mutex_t *m)
{
    uint32_t before = world->n_objects;
    struct object *o = object_at(OBJECT_MUTEX, m);

    if (world->n_objects > before)
        o->kind = (uint8_t)(m->__data.__kind & KIND_MASK);
    return o;
}

static struct object *spin_of(pthread_spinlock_t *s)
{
    return object_at(OBJECT_MUTEX, (const void *)s);
}

static int refuse(struct trace_event *e, int error)
{
    e->flags |= EVENT_FAILED;
    e->result = error;
    return error;
}

static int own(struct object *m)
{
    if (m->count++ == 0) {
        acquire(m->clock);
        me->held++;
    }
    m->owner = me->id;
    SPY(spy_locked((const void *)(uintptr_t)m->place.address));
    return 0;
}

static int again(struct object *m, struct trace_event *e, const void *pc)
{
    if (m->kind == PTHREAD_MUTEX_RECURSIVE)
        return own(m);
    if (m->kind == PTHREAD_MUTEX_ERRORCHECK && e->op.kind == OP_LOCK)
        log_misuse(pc, "a mutex is locked again by the thread that holds it");
    return refuse(e, e->op.kind == OP_LOCK ? EDEADLK : EBUSY);
}

/* Lock, try, or lock with a time limit, by kind and deadline. */
int mutex_acquire(struct object *m, enum trace_kind kind, uint64_t deadline, const void *pc)
{
    struct trace_op op = op_on(kind, pc, m);
    struct trace_event *e;

    me->object = m;
    me->deadline = deadline;
    spin_prepare(&op);
    e = step(&op);
    me->deadline = NEVER;
    if (m->destroyed)
        log_misuse(pc, "a mutex is locked after it was destroyed");
    e->before = (uint64_t)(m->owner + 1);
    if (m->owner == me->id)
        return again(m, e, pc);
    if (m->owner == NO_TASK) {
        me->timed_out = 0;
        e->after = (uint64_t)(me->id + 1);
        spin_locks(&op);
        return own(m);
    }
    e->after = e->before;
    if (kind == OP_TRYLOCK)
        spin_saw(&op, 0);
    else
        e->flags |= EVENT_TIMEOUT;
    me->timed_out = 0;
    return refuse(e, kind == OP_TRYLOCK ? EBUSY : ETIMEDOUT);
}

int mutex_release(struct object *m, const void *pc)
{
    struct trace_op op = op_on(OP_UNLOCK, pc, m);
    struct trace_event *e = step(&op);

    e->before = e->after = (uint64_t)(m->owner + 1);
    if (m->owner != me->id) {
        log_misuse(pc, m->owner == NO_TASK
                           ? "a mutex is unlocked that nobody holds"
                           : "a mutex is unlocked by a thread that does not hold it");
        return refuse(e, EPERM);
    }
    if (--m->count)
        return 0;
    release_over(&m->clock);
    m->owner = NO_TASK;
    me->held--;
    e->after = 0;
    spin_changed(&m->place);
    SPY(spy_unlocked((const void *)(uintptr_t)m->place.address));
    return 0;
}

static int destroy(struct object *m, const void *pc)
{
    settle();
    if (m->owner != NO_TASK) {
        log_misuse(pc, "a mutex is destroyed while a thread holds it");
        return EBUSY;
    }
    m->destroyed = 1;
    return 0;
}

WRAP(int, pthread_mutex_init, (pthread_mutex_t * m, const pthread_mutexattr_t *attributes))
{
    int error = __real_pthread_mutex_init(m, attributes);

    if (me && !error)
        object_renew(OBJECT_MUTEX, m)->kind = (uint8_t)(m->__data.__kind & KIND_MASK);
    return error;
}

WRAP(int, pthread_mutex_destroy, (pthread_mutex_t * m))
{
    return me ? destroy(mutex_of(m), CALLER) : __real_pthread_mutex_destroy(m);
}

WRAP(int, pthread_mutex_consistent, (pthread_mutex_t * m))
{
    (void)m;
    return 0;
}

int __wrap_pthread_mutex_lock(pthread_mutex_t *m)
{
    return me ? mutex_acquire(mutex_of(m), OP_LOCK, NEVER, CALLER) : __real_pthread_mutex_lock(m);
}

int __wrap_pthread_mutex_trylock(pthread_mutex_t *m)
{
    return me ? mutex_acquire(mutex_of(m), OP_TRYLOCK, NEVER, CALLER)
              : __real_pthread_mutex_trylock(m);
}

int __wrap_pthread_mutex_timedlock(pthread_mutex_t *m, const struct timespec *until)
{
    return mutex_acquire(mutex_of(m), OP_LOCK, deadline_of(until, CLOCK_REALTIME), CALLER);
}

WRAP(int, pthread_mutex_clocklock,
    (pthread_mutex_t * m, clockid_t clock, const struct timespec *until))
{
    return mutex_acquire(mutex_of(m), OP_LOCK, deadline_of(until, clock), CALLER);
}

int __wrap_pthread_mutex_unlock(pthread_mutex_t *m)
{
    return me ? mutex_release(mutex_of(m), CALLER) : __real_pthread_mutex_unlock(m);
}

/* C11 */
WRAP(int, mtx_init, (mtx_t * m, int type))
{
    int result = __real_mtx_init(m, type);

    if (me && result == thrd_success)
        object_renew(OBJECT_MUTEX, m)->kind = type & mtx_recursive ? PTHREAD_MUTEX_RECURSIVE
                                                                   : PTHREAD_MUTEX_NORMAL;
    return result;
}

WRAP(void, mtx_destroy, (mtx_t * m))
{
    if (me)
        destroy(object_at(OBJECT_MUTEX, m), CALLER);
}

int __wrap_mtx_lock(mtx_t *m)
{
    return c11_error(mutex_acquire(object_at(OBJECT_MUTEX, m), OP_LOCK, NEVER, CALLER));
}

int __wrap_mtx_trylock(mtx_t *m)
{
    return c11_error(mutex_acquire(object_at(OBJECT_MUTEX, m), OP_TRYLOCK, NEVER, CALLER));
}

int __wrap_mtx_timedlock(mtx_t *m, const struct timespec *until)
{
    uint64_t deadline = deadline_of(until, CLOCK_REALTIME);

    return c11_error(mutex_acquire(object_at(OBJECT_MUTEX, m), OP_LOCK, deadline, CALLER));
}

int __wrap_mtx_unlock(mtx_t *m)
{
    return c11_error(mutex_release(object_at(OBJECT_MUTEX, m), CALLER));
}

/* Spin locks */
WRAP(int, pthread_spin_init, (pthread_spinlock_t * s, int shared))
{
    int error = __real_pthread_spin_init(s, shared);

    if (me)
        object_renew(OBJECT_MUTEX, (const void *)s);
    return error;
}

WRAP(int, pthread_spin_destroy, (pthread_spinlock_t * s))
{
    return me ? destroy(spin_of(s), CALLER) : __real_pthread_spin_destroy(s);
}

int __wrap_pthread_spin_lock(pthread_spinlock_t *s)
{
    return mutex_acquire(spin_of(s), OP_LOCK, NEVER, CALLER);
}

int __wrap_pthread_spin_trylock(pthread_spinlock_t *s)
{
    return mutex_acquire(spin_of(s), OP_TRYLOCK, NEVER, CALLER);
}

int __wrap_pthread_spin_unlock(pthread_spinlock_t *s)
{
    return mutex_release(spin_of(s), CALLER);
}
