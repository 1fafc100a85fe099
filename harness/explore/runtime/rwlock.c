/* SPDX-License-Identifier: MIT */
/* rwlock - readers-writer locks. Readers go first, as in the C library's default. */
#include "explore/runtime/spying.h"
#include "explore/runtime/world.h"
#include "explore/runtime/wrap.h"

#include <errno.h>

static struct object *lock_of(pthread_rwlock_t *l)
{
    return object_at(OBJECT_RWLOCK, l);
}

/* Two readers do not disturb each other: the footprint of a reader reads. */
static struct trace_event *reach(
    struct object *l, enum trace_kind kind, bool writes, uint64_t deadline, const void *pc)
{
    struct trace_op op = op_on(kind, pc, l);
    struct trace_event *e;

    op.place[0].writes = writes;
    me->object = l;
    me->deadline = deadline;
    spin_prepare(&op);
    e = step(&op);
    me->deadline = NEVER;
    me->timed_out = 0;
    e->before = (uint64_t)(l->owner + 1);
    if (l->destroyed)
        log_misuse(pc, "a readers-writer lock is locked after it was destroyed");
    return e;
}

static int refuse(struct trace_event *e, int error)
{
    e->flags |= EVENT_FAILED;
    e->result = error;
    if (error == EBUSY)
        spin_saw(&e->op, 0);
    return error;
}

static int lock_for_reading(
    struct object *l, enum trace_kind kind, uint64_t deadline, int error, const void *pc)
{
    struct trace_event *e = reach(l, kind, false, deadline, pc);

    if (l->owner != NO_TASK)
        return refuse(e, error);
    l->count++;
    task_set_add(&l->readers, (unsigned)me->id);
    spin_locks(&e->op);
    me->held++;
    acquire(l->clock);
    SPY(spy_count(SPY_RWLOCK_READS));
    return 0;
}

static int lock_for_writing(
    struct object *l, enum trace_kind kind, uint64_t deadline, int error, const void *pc)
{
    struct trace_event *e = reach(l, kind, true, deadline, pc);

    if (l->owner != NO_TASK || l->count)
        return refuse(e, error);
    l->owner = me->id;
    spin_locks(&e->op);
    me->held++;
    acquire(l->clock);
    acquire(l->clock2);
    SPY(spy_count(SPY_RWLOCK_WRITES));
    return 0;
}

static int unlock_writer(struct object *l, const void *pc)
{
    struct trace_op op = op_on(OP_WRITE_UNLOCK, pc, l);

    step(&op);
    release_over(&l->clock);
    l->owner = NO_TASK;
    me->held--;
    spin_changed(&l->place);
    return 0;
}

static int unlock_reader(struct object *l, const void *pc)
{
    struct trace_op op = op_on(OP_READ_UNLOCK, pc, l);

    op.place[0].writes = 0;
    step(&op);
    if (!task_set_has(&l->readers, (unsigned)me->id)) {
        log_misuse(pc, "a readers-writer lock is unlocked by a thread that does not hold it");
        return EPERM;
    }
    me->held--;
    if (--l->count == 0)
        l->readers = (struct task_set){{0}};
    release(&l->clock2);
    spin_changed(&l->place);
    return 0;
}

WRAP(int, pthread_rwlock_init, (pthread_rwlock_t * l, const pthread_rwlockattr_t *attributes))
{
    int error = __real_pthread_rwlock_init(l, attributes);

    if (me && !error)
        object_renew(OBJECT_RWLOCK, l);
    return error;
}

WRAP(int, pthread_rwlock_destroy, (pthread_rwlock_t * l))
{
    struct object *o = me ? lock_of(l) : NULL;

    if (!o)
        return __real_pthread_rwlock_destroy(l);
    settle();
    if (o->owner != NO_TASK || o->count) {
        log_misuse(CALLER, "a readers-writer lock is destroyed while a thread holds it");
        return EBUSY;
    }
    o->destroyed = 1;
    return 0;
}

int __wrap_pthread_rwlock_rdlock(pthread_rwlock_t *l)
{
    return lock_for_reading(lock_of(l), OP_READ_LOCK, NEVER, ETIMEDOUT, CALLER);
}

int __wrap_pthread_rwlock_tryrdlock(pthread_rwlock_t *l)
{
    return lock_for_reading(lock_of(l), OP_TRY_READ_LOCK, NEVER, EBUSY, CALLER);
}

WRAP(int, pthread_rwlock_timedrdlock, (pthread_rwlock_t * l, const struct timespec *until))
{
    return lock_for_reading(
        lock_of(l), OP_READ_LOCK, deadline_of(until, CLOCK_REALTIME), ETIMEDOUT, CALLER);
}

int __wrap_pthread_rwlock_wrlock(pthread_rwlock_t *l)
{
    return lock_for_writing(lock_of(l), OP_WRITE_LOCK, NEVER, ETIMEDOUT, CALLER);
}

int __wrap_pthread_rwlock_trywrlock(pthread_rwlock_t *l)
{
    return lock_for_writing(lock_of(l), OP_TRY_WRITE_LOCK, NEVER, EBUSY, CALLER);
}

WRAP(int, pthread_rwlock_timedwrlock, (pthread_rwlock_t * l, const struct timespec *until))
{
    return lock_for_writing(
        lock_of(l), OP_WRITE_LOCK, deadline_of(until, CLOCK_REALTIME), ETIMEDOUT, CALLER);
}

WRAP(int, pthread_rwlock_clockrdlock,
    (pthread_rwlock_t * l, clockid_t clock, const struct timespec *until))
{
    return lock_for_reading(lock_of(l), OP_READ_LOCK, deadline_of(until, clock), ETIMEDOUT, CALLER);
}

WRAP(int, pthread_rwlock_clockwrlock,
    (pthread_rwlock_t * l, clockid_t clock, const struct timespec *until))
{
    return lock_for_writing(
        lock_of(l), OP_WRITE_LOCK, deadline_of(until, clock), ETIMEDOUT, CALLER);
}

int __wrap_pthread_rwlock_unlock(pthread_rwlock_t *l)
{
    struct object *o = lock_of(l);

    return o->owner == me->id ? unlock_writer(o, CALLER) : unlock_reader(o, CALLER);
}
