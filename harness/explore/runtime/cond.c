/* SPDX-License-Identifier: MIT */
/*
 * cond - condition variables, POSIX and C11.
 *
 * A wait is two operations: WAIT gives the mutex back and joins the waiters; WAKE takes the mutex
 * again and is enabled when there is a reason to wake. A signal does not pick its waiter: it leaves
 * a token, good for any of those who waited before it, and whoever is scheduled first takes it. So
 * "which one does the signal wake" is an ordinary choice between tasks, and no waiter can take a
 * signal that came before its wait.
 */
#include "explore/runtime/spying.h"
#include "explore/runtime/world.h"
#include "explore/runtime/wrap.h"

#include <errno.h>

static bool waits_on(const struct task *t, const struct object *c)
{
    return t->state == TRACE_TASK_PENDING && t->pending.kind == OP_WAKE && t->object == c;
}

static uint32_t count_waiters(const struct object *c)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < world->n_tasks; i++)
        n += waits_on(&world->tasks[i], c) && !world->tasks[i].woken;
    return n;
}

/* The oldest token that is good for the caller. */
static bool take_token(struct object *c)
{
    for (uint32_t i = 0; i < c->n_tokens; i++) {
        if (c->tokens[i] < me->ticket)
            continue;
        for (c->n_tokens--; i < c->n_tokens; i++)
            c->tokens[i] = c->tokens[i + 1];
        return true;
    }
    return false;
}

static struct trace_op op_wait(
    enum trace_kind kind, struct object *c, struct object *m, const void *pc)
{
    struct trace_op op = op_on(kind, pc, c);

    op.place[1] = m->place;
    op.place[1].writes = 1;
    return op;
}

/* Gives the mutex back, whatever its depth, and returns that depth. */
static uint32_t start_waiting(struct object *c, struct object *m, const void *pc)
{
    struct trace_op op = op_wait(OP_WAIT, c, m, pc);
    uint32_t depth;

    step(&op);
    depth = m->count;
    if (m->owner != me->id) {
        log_misuse(pc, "a thread waits on a condition variable without holding the mutex");
        return 0;
    }
    if (c->destroyed)
        log_misuse(pc, "a thread waits on a condition variable after it was destroyed");
    release_over(&m->clock);
    m->owner = NO_TASK;
    m->count = 0;
    me->held--;
    spin_changed(&m->place);
    me->ticket = ++c->generation;
    SPY(spy_count(SPY_COND_WAITS));
    SPY(spy_unlocked((const void *)(uintptr_t)m->place.address));
    return depth;
}

static int woke(struct object *c, struct trace_event *e)
{
    bool by_signal = me->woken || take_token(c);

    if (by_signal) {
        spin_progress();
        return 0;
    }
    if (me->timed_out) {
        e->flags |= EVENT_TIMEOUT;
        SPY(spy_count(SPY_SLEEPS));
        return ETIMEDOUT;
    }
    c->spurious_left--;
    return 0;
}

static int cond_wait(struct object *c, struct object *m, uint64_t deadline, const void *pc)
{
    uint32_t depth = start_waiting(c, m, pc);
    struct trace_op op = op_wait(OP_WAKE, c, m, pc);
    struct trace_event *e;
    int error;

    if (!depth)
        return EPERM;
    me->object = c;
    me->mutex = m;
    me->deadline = deadline;
    me->woken = me->timed_out = 0;
    e = step(&op);
    error = woke(c, e);
    me->deadline = NEVER;
    me->woken = me->timed_out = 0;
    m->owner = me->id;
    m->count = depth;
    me->held++;
    acquire(m->clock);
    SPY(spy_locked((const void *)(uintptr_t)m->place.address));
    e->result = error;
    return error;
}

/* A signal that finds more waiters than tokens leaves one more; otherwise nobody hears it. */
static int signal_one(struct object *c, const void *pc)
{
    struct trace_op op = op_on(OP_SIGNAL, pc, c);
    struct trace_event *e = step(&op);
    uint32_t waiters = count_waiters(c);

    SPY(spy_count(SPY_COND_SIGNALS));
    e->before = waiters;
    spin_progress();
    if (c->destroyed)
        log_misuse(pc, "a condition variable is signalled after it was destroyed");
    if (waiters <= c->n_tokens) {
        e->flags |= EVENT_UNHEARD;
        c->unheard = me->event + 1;
        if (!waiters)
            c->n_tokens = 0;
    } else if (c->n_tokens < WORLD_TOKENS) {
        c->tokens[c->n_tokens++] = c->generation;
    }
    return 0;
}

static int signal_all(struct object *c, const void *pc)
{
    struct trace_op op = op_on(OP_BROADCAST, pc, c);
    struct trace_event *e = step(&op);

    SPY(spy_count(SPY_COND_BROADCASTS));
    e->before = count_waiters(c);
    spin_progress();
    if (!e->before) {
        e->flags |= EVENT_UNHEARD;
        c->unheard = me->event + 1;
    }
    for (uint32_t i = 0; i < world->n_tasks; i++)
        if (waits_on(&world->tasks[i], c))
            world->tasks[i].woken = 1;
    c->n_tokens = 0;
    return 0;
}

static int destroy(struct object *c, const void *pc)
{
    settle();
    if (count_waiters(c)) {
        log_misuse(pc, "a condition variable is destroyed while a thread waits on it");
        return EBUSY;
    }
    c->destroyed = 1;
    return 0;
}

static struct object *cond(pthread_cond_t *c)
{
    return object_at(OBJECT_COND, c);
}

/* The mutex of a wait: met here for the first time only when it is misused. */
static struct object *mutex(pthread_mutex_t *m)
{
    return object_at(OBJECT_MUTEX, m);
}

static clockid_t clock_of(const pthread_cond_t *c)
{
    return c->__data.__wrefs & 2 ? CLOCK_MONOTONIC : CLOCK_REALTIME;
}

WRAP(int, pthread_cond_init, (pthread_cond_t * c, const pthread_condattr_t *attributes))
{
    int error = __real_pthread_cond_init(c, attributes);

    if (me && !error)
        object_renew(OBJECT_COND, c);
    return error;
}

WRAP(int, pthread_cond_destroy, (pthread_cond_t * c))
{
    return me ? destroy(cond(c), CALLER) : __real_pthread_cond_destroy(c);
}

int __wrap_pthread_cond_wait(pthread_cond_t *c, pthread_mutex_t *m)
{
    return cond_wait(cond(c), mutex(m), NEVER, CALLER);
}

int __wrap_pthread_cond_timedwait(
    pthread_cond_t *c, pthread_mutex_t *m, const struct timespec *until)
{
    return cond_wait(cond(c), mutex(m), deadline_of(until, clock_of(c)), CALLER);
}

int __wrap_pthread_cond_clockwait(
    pthread_cond_t *c, pthread_mutex_t *m, clockid_t clock, const struct timespec *until)
{
    return cond_wait(cond(c), mutex(m), deadline_of(until, clock), CALLER);
}

int __wrap_pthread_cond_signal(pthread_cond_t *c)
{
    return signal_one(cond(c), CALLER);
}

int __wrap_pthread_cond_broadcast(pthread_cond_t *c)
{
    return signal_all(cond(c), CALLER);
}

WRAP(int, cnd_init, (cnd_t * c))
{
    int result = __real_cnd_init(c);

    if (me)
        object_renew(OBJECT_COND, c);
    return result;
}

WRAP(void, cnd_destroy, (cnd_t * c))
{
    if (me)
        destroy(object_at(OBJECT_COND, c), CALLER);
}

int __wrap_cnd_wait(cnd_t *c, mtx_t *m)
{
    return c11_error(
        cond_wait(object_at(OBJECT_COND, c), object_at(OBJECT_MUTEX, m), NEVER, CALLER));
}

int __wrap_cnd_timedwait(cnd_t *c, mtx_t *m, const struct timespec *until)
{
    return c11_error(cond_wait(object_at(OBJECT_COND, c), object_at(OBJECT_MUTEX, m),
        deadline_of(until, CLOCK_REALTIME), CALLER));
}

int __wrap_cnd_signal(cnd_t *c)
{
    return c11_error(signal_one(object_at(OBJECT_COND, c), CALLER));
}

int __wrap_cnd_broadcast(cnd_t *c)
{
    return c11_error(signal_all(object_at(OBJECT_COND, c), CALLER));
}
