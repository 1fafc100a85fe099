/* SPDX-License-Identifier: MIT */
/* barrier - arrive, then leave when the last one has arrived; and what runs only once. */
#include "explore/runtime/spying.h"
#include "explore/runtime/world.h"
#include "explore/runtime/wrap.h"

#include <errno.h>

WRAP(int, pthread_barrier_init,
    (pthread_barrier_t * b, const pthread_barrierattr_t *attributes, unsigned count))
{
    int error = __real_pthread_barrier_init(b, attributes, count);

    if (me && !error)
        object_renew(OBJECT_BARRIER, b)->total = count;
    return error;
}

WRAP(int, pthread_barrier_destroy, (pthread_barrier_t * b))
{
    struct object *o = me ? object_at(OBJECT_BARRIER, b) : NULL;

    if (!o)
        return __real_pthread_barrier_destroy(b);
    settle();
    if (o->count)
        log_misuse(CALLER, "a barrier is destroyed while a thread waits at it");
    o->destroyed = 1;
    return 0;
}

/* Everybody's work before the barrier happens before everybody's work after it. */
static void open_barrier(struct object *b)
{
    b->generation++;
    b->count = 0;
}

int __wrap_pthread_barrier_wait(pthread_barrier_t *barrier)
{
    struct object *b = object_at(OBJECT_BARRIER, barrier);
    struct trace_op op = op_on(OP_ARRIVE, CALLER, b);
    struct trace_event *e = step(&op);

    if (b->destroyed || !b->total) {
        log_misuse(CALLER, "a thread waits at a barrier that is not initialised");
        return EINVAL;
    }
    SPY(spy_count(SPY_BARRIER_WAITS));
    e->before = b->count;
    e->after = b->count + 1;
    release(&b->clock);
    spin_progress();
    me->ticket = b->generation;
    me->object = b;
    if (++b->count == b->total) {
        open_barrier(b);
        acquire(b->clock);
        return PTHREAD_BARRIER_SERIAL_THREAD;
    }
    op = op_on(OP_LEAVE, CALLER, b);
    op.place[0].writes = 0;
    step(&op);
    acquire(b->clock);
    return 0;
}

enum { ONCE_NEW, ONCE_RUNS, ONCE_IS_DONE };

static int run_once(const void *control, void (*routine)(void), const void *pc)
{
    struct object *o = object_at(OBJECT_ONCE, control);
    struct trace_op op = op_on(OP_ONCE, pc, o);

    me->object = o;
    step(&op);
    if (o->generation == ONCE_IS_DONE) {
        acquire(o->clock);
        return 0;
    }
    o->generation = ONCE_RUNS;
    o->owner = me->id;
    routine();
    settle();
    op = op_on(OP_ONCE_DONE, pc, o);
    step(&op);
    o->owner = NO_TASK;
    o->generation = ONCE_IS_DONE;
    release(&o->clock);
    spin_progress();
    return 0;
}

WRAP(int, pthread_once, (pthread_once_t * control, void (*routine)(void)))
{
    return me ? run_once(control, routine, CALLER) : __real_pthread_once(control, routine);
}

WRAP(void, call_once, (once_flag * control, void (*routine)(void)))
{
    if (me)
        run_once(control, routine, CALLER);
    else
        __real_call_once(control, routine);
}
