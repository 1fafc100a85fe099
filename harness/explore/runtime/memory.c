/* SPDX-License-Identifier: MIT */
/*
 * memory - the callbacks that clang's ThreadSanitizer pass puts before each access of the student's
 * code. The Linux kernel's KCSAN lives from the same callbacks. There are 73, the same in clang 13
 * to 19; the atomic ones are in atomic.c. `volatile` is an ordinary access here, because students
 * take it for synchronisation.
 */
#include "explore/runtime/world.h"
#include "probe/seam.h"

#include <signal.h>
#include <string.h>

/* Single-threaded stretches at the end of a program: shown, but not for ever. */
enum { EVENTS_ALONE = 2000 };

static bool on_own_stack(uint64_t address)
{
    return address >= me->stack_low && address < me->stack_high;
}

bool access_is_visible(uint64_t address, size_t size)
{
    if (world->alive == 1 && arena->result.n_events > EVENTS_ALONE)
        return false;
    return (arena->plan.flags & PLAN_WATCH_ALL && !on_own_stack(address)) ||
           watch_covers(address, size);
}

static bool overlaps(uint64_t address, size_t size, const void *start, size_t length)
{
    uint64_t low = (uint64_t)(uintptr_t)start;

    return address < low + length && address + size > low;
}

/* Nothing of an exercise leads here: whoever does it has looked for the test's memory. (A program
 * with a main() of its own has no board, and its null pointers are only null pointers.) */
static void guard(uint64_t address, size_t size)
{
    if ((board && overlaps(address, size, board, sizeof(*board))) ||
        overlaps(address, size, arena, sizeof(*arena)) ||
        overlaps(address, size, world, sizeof(*world)))
        killed_by(SIGSEGV, END_SIGNAL, "the memory of the test itself is used");
}

static uint64_t peek(const void *p, size_t size)
{
    uint64_t value = 0;

    memcpy(&value, p, size < sizeof(value) ? size : sizeof(value));
    return value;
}

static void expect_value(const struct span *s, uint64_t old, struct trace_place place)
{
    me->written = s->address;
    me->written_size = s->size;
    me->written_event = s->event;
    me->written_place = place;
    me->old_value = old;
}

void access_plain(const void *p, size_t size, bool writes, const void *pc)
{
    struct span s = {(uint64_t)(uintptr_t)p, (uint32_t)size, writes, false, pc, UINT32_MAX};
    struct trace_op op;

    if (!me || !size)
        return;
    guard(s.address, size);
    settle();
    me->worked = me->clock[me->id];
    if (world->n_tasks == 1)
        return; /* whatever is done before the first task is created is ordered before all of it */
    op = op_make(writes ? OP_WRITE : OP_READ, pc);
    op.flags = OPF_MEMORY;
    op.place[0] = place_of(p, s.size, writes);
    if (!writes)
        spin_prepare(&op);
    if (op.flags & OPF_SPINNING || access_is_visible(s.address, size)) {
        struct trace_event *e = step(&op);

        e->before = e->after = peek(p, size);
        s.event = me->event;
    }
    if (writes)
        expect_value(&s, peek(p, size), op.place[0]);
    else if (s.event != UINT32_MAX)
        spin_saw(&op, peek(p, size));
    else
        spin_glanced(&op, peek(p, size));
    shadow_access(&s);
}

struct trace_event *access_atomic(
    const void *p, size_t size, enum trace_kind kind, bool writes, const void *pc)
{
    static struct trace_event nowhere; /* for an access that is not visible */
    struct span s = {(uint64_t)(uintptr_t)p, (uint32_t)size, writes, true, pc, UINT32_MAX};
    struct trace_op op = op_make(kind, pc);
    struct trace_event *e = &nowhere;

    if (me)
        guard(s.address, size);

    settle();
    op.flags = OPF_MEMORY | OPF_ATOMIC;
    op.place[0] = place_of(p, s.size, writes);
    spin_prepare(&op);
    if (world->n_tasks > 1 && (op.flags & OPF_SPINNING || access_is_visible(s.address, size))) {
        e = step(&op);
        s.event = me->event;
    }
    e->op = op;
    e->before = peek(p, size);
    if (world->n_tasks > 1)
        shadow_access(&s);
    return e;
}

#define ACCESS(name, size, writes)             \
    void __tsan_##name(const void *p);         \
    void __tsan_##name(const void *p)          \
    {                                          \
        access_plain(p, size, writes, CALLER); \
    }

/* clang-format off */
ACCESS(read1, 1, false) ACCESS(read2, 2, false) ACCESS(read4, 4, false) ACCESS(read8, 8, false)
ACCESS(read16, 16, false)
ACCESS(write1, 1, true) ACCESS(write2, 2, true) ACCESS(write4, 4, true) ACCESS(write8, 8, true)
ACCESS(write16, 16, true)
ACCESS(unaligned_read2, 2, false) ACCESS(unaligned_read4, 4, false)
ACCESS(unaligned_read8, 8, false) ACCESS(unaligned_read16, 16, false)
ACCESS(unaligned_write2, 2, true) ACCESS(unaligned_write4, 4, true)
ACCESS(unaligned_write8, 8, true) ACCESS(unaligned_write16, 16, true)
    /* clang-format on */

    void __tsan_func_entry(const void *call_pc);
void __tsan_func_exit(void);
void __tsan_init(void);

/* The frame pointer of the student's function: what our own frame saved first. */
#define FRAME_OF_CALLER (*(void **)__builtin_frame_address(0))

void __tsan_func_entry(const void *call_pc)
{
    if (!me)
        return;
    settle();
    me->worked = me->clock[me->id];
    frame_enter(call_pc, FRAME_OF_CALLER);
}

void __tsan_func_exit(void)
{
    if (!me)
        return;
    settle();
    frame_leave(FRAME_OF_CALLER);
}

/* Each instrumented object has a constructor that calls __tsan_init(), in a section of its own
 * right behind the object's functions: so the highest return address seen here is where student
 * code ends, provided that its objects are linked before the C library. */
static const void *student_end;

void __tsan_init(void)
{
    if (CALLER > student_end)
        student_end = CALLER;
}

bool from_student(const void *pc)
{
    return pc < student_end;
}
