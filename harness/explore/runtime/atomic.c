/* SPDX-License-Identifier: MIT */
/*
 * atomic - the atomic callbacks *perform* the operation, unlike those of plain accesses. Executions
 * are sequentially consistent: the memory order decides what an operation orders (and so what is a
 * race), not which values can be seen. C11's weaker behaviours are not explored.
 *
 * Happens-before follows C11: a release store starts a release sequence, read-modify-writes
 * continue it, any other store breaks it; fences work through the relaxed accesses around them.
 */
#include "explore/runtime/world.h"

#include <stdatomic.h>
#include <string.h>

static bool acquires(int order)
{
    return order != __ATOMIC_RELAXED && order != __ATOMIC_RELEASE;
}

static bool releases(int order)
{
    return order >= __ATOMIC_RELEASE;
}

static void order_load(const struct object *o, int order)
{
    if (acquires(order)) {
        acquire(o->clock);
    } else if (o->clock) {
        clocks_join(me->fence_acquire, world->clocks[o->clock]);
        me->has_fence_acquire = 1;
    }
}

static void order_store(struct object *o, int order)
{
    if (releases(order))
        release_over(&o->clock);
    else if (o->clock)
        memset(world->clocks[o->clock], 0, sizeof(clock_row));
    if (!releases(order) && me->has_fence_release) {
        if (!o->clock)
            o->clock = clocks_new();
        clocks_join(world->clocks[o->clock], me->fence_release);
    }
}

static void order_update(struct object *o, int order)
{
    order_load(o, order);
    if (releases(order)) {
        release(&o->clock);
    } else if (me->has_fence_release) {
        if (!o->clock)
            o->clock = clocks_new();
        clocks_join(world->clocks[o->clock], me->fence_release);
    }
}

static void (*const order_of[OP_KINDS])(struct object *, int) = {
    [OP_ATOMIC_STORE] = order_store,
    [OP_ATOMIC_UPDATE] = order_update,
    [OP_ATOMIC_COMPARE] = order_update,
};

/* After the operation: values for the log, happens-before, and whether anything is new. A
 * read-modify-write that leaves the value as it was is no news: test-and-set locks spin with it. */
static void performed(
    struct trace_event *e, const void *p, size_t size, uint64_t before, uint64_t after, int order)
{
    bool changed = before != after;

    e->before = before;
    e->after = after;
    if (world->n_tasks > 1) {
        struct object *o = object_at(OBJECT_ATOMIC, p);

        arena->result.weak_orders |= order != memory_order_seq_cst;
        if (order_of[e->op.kind] && !(e->flags & EVENT_FAILED))
            order_of[e->op.kind](o, order);
        else
            order_load(o, order);
    }
    (void)size;
    if (changed)
        spin_changed(&e->op.place[0]);
    if (changed || e->op.kind == OP_ATOMIC_STORE)
        spin_progress();
    else
        spin_saw(&e->op, before);
}

#define LOAD(bits, type)                                                        \
    type __tsan_atomic##bits##_load(const type *p, int order);                  \
    type __tsan_atomic##bits##_load(const type *p, int order)                   \
    {                                                                           \
        struct trace_event *e;                                                  \
        type value;                                                             \
                                                                                \
        if (!me)                                                                \
            return *p;                                                          \
        e = access_atomic(p, sizeof(type), OP_ATOMIC_LOAD, false, CALLER);      \
        value = *p;                                                             \
        performed(e, p, sizeof(type), (uint64_t)value, (uint64_t)value, order); \
        return value;                                                           \
    }

#define STORE(bits, type)                                                         \
    void __tsan_atomic##bits##_store(type *p, type value, int order);             \
    void __tsan_atomic##bits##_store(type *p, type value, int order)              \
    {                                                                             \
        struct trace_event *e = NULL;                                             \
        type old;                                                                 \
                                                                                  \
        if (me)                                                                   \
            e = access_atomic(p, sizeof(type), OP_ATOMIC_STORE, true, CALLER);    \
        old = *p;                                                                 \
        *p = value;                                                               \
        if (me)                                                                   \
            performed(e, p, sizeof(type), (uint64_t)old, (uint64_t)value, order); \
    }

#define UPDATE(bits, type, name, expression)                                    \
    type __tsan_atomic##bits##_##name(type *p, type value, int order);          \
    type __tsan_atomic##bits##_##name(type *p, type value, int order)           \
    {                                                                           \
        struct trace_event *e = NULL;                                           \
        type old;                                                               \
                                                                                \
        if (me)                                                                 \
            e = access_atomic(p, sizeof(type), OP_ATOMIC_UPDATE, true, CALLER); \
        old = *p;                                                               \
        *p = (type)(expression);                                                \
        if (me)                                                                 \
            performed(e, p, sizeof(type), (uint64_t)old, (uint64_t)*p, order);  \
        return old;                                                             \
    }

#define COMPARE(bits, type)                                                      \
    type __tsan_atomic##bits##_compare_exchange_val(                             \
        type *p, type expected, type value, int order, int failure_order);       \
    type __tsan_atomic##bits##_compare_exchange_val(                             \
        type *p, type expected, type value, int order, int failure_order)        \
    {                                                                            \
        struct trace_event *e = NULL;                                            \
        type old;                                                                \
                                                                                 \
        if (me)                                                                  \
            e = access_atomic(p, sizeof(type), OP_ATOMIC_COMPARE, true, CALLER); \
        old = *p;                                                                \
        if (old == expected)                                                     \
            *p = value;                                                          \
        if (me && old != expected)                                               \
            e->flags |= EVENT_FAILED;                                            \
        if (me)                                                                  \
            performed(e, p, sizeof(type), (uint64_t)old, (uint64_t)*p,           \
                old == expected ? order : failure_order);                        \
        return old;                                                              \
    }

#define WIDTH(bits, type)                          \
    LOAD(bits, type)                               \
    STORE(bits, type)                              \
    UPDATE(bits, type, exchange, value)            \
    UPDATE(bits, type, fetch_add, old + value)     \
    UPDATE(bits, type, fetch_sub, old - value)     \
    UPDATE(bits, type, fetch_and, old &value)      \
    UPDATE(bits, type, fetch_or, old | value)      \
    UPDATE(bits, type, fetch_xor, old ^ value)     \
    UPDATE(bits, type, fetch_nand, ~(old & value)) \
    COMPARE(bits, type)

__extension__ typedef unsigned __int128 wide;

WIDTH(8, uint8_t)
WIDTH(16, uint16_t)
WIDTH(32, uint32_t)
WIDTH(64, uint64_t)
WIDTH(128, wide)

void __tsan_atomic_thread_fence(int order);
void __tsan_atomic_signal_fence(int order);

void __tsan_atomic_thread_fence(int order)
{
    if (!me)
        return;
    settle();
    if (acquires(order) && me->has_fence_acquire)
        clocks_join(me->clock, me->fence_acquire);
    if (!releases(order))
        return;
    memcpy(me->fence_release, me->clock, sizeof(clock_row));
    me->has_fence_release = 1;
    me->clock[me->id]++;
    me->birth[me->id] = me->clock[me->id];
}

void __tsan_atomic_signal_fence(int order)
{
    (void)order;
}
