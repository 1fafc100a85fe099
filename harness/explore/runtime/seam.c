/* SPDX-License-Identifier: MIT */
/*
 * seam - what the probe's own calls mean to the schedule: a rendezvous is an operation that waits;
 * facts, sections and shared counters are operations whose order can be seen in the outcome.
 */
#include "explore/runtime/spying.h"
#include "explore/runtime/world.h"
#include "explore/runtime/wrap.h"

#include "base/fingerprint.h"

#include <string.h>

enum { MEETING_COMPLETE = 1, MEETING_BROKEN = 2 };

/* An empty entry, so that the table of scenarios exists in programs that have none. */
static const struct probe_scenario nothing
    __attribute__((used, section("lab_scenarios"), aligned(16))) = {"", NULL};

static struct trace_op op_in(
    enum trace_kind kind, enum trace_space space, uint64_t address, const void *pc)
{
    struct trace_op op = op_make(kind, pc);

    op.place[0] = (struct trace_place){
        .address = address, .size = 1, .space = (uint16_t)space, .writes = 1};
    return op;
}

static void wake_meeting(struct object *o)
{
    o->generation = MEETING_COMPLETE;
    for (uint32_t i = 0; i < world->n_tasks; i++) {
        struct task *t = &world->tasks[i];

        if (t->state == TRACE_TASK_PENDING && t->pending.kind == OP_MEET && t->object == o)
            t->woken = 1;
    }
}

/* Two operations, like a barrier: arriving counts, meeting waits. The count itself is ours: the
 * board's may have been raised by a task that the schedule has not let arrive yet. */
bool seam_meet(struct board_meeting *m, uint32_t parties)
{
    struct trace_place place = {
        .address = (uint64_t)(m - board->meetings), .size = 1, .space = SPACE_MEETING};
    struct object *o = object_find(OBJECT_MEETING, place);
    struct trace_op op = op_in(OP_ARRIVE, SPACE_MEETING, place.address, CALLER);

    step(&op);
    if (o->generation == 0 && ++o->count >= parties)
        wake_meeting(o);
    if (o->generation == 0) {
        op = op_in(OP_MEET, SPACE_MEETING, place.address, CALLER);
        op.place[0].writes = 0;
        me->object = o;
        me->woken = 0;
        step(&op);
        me->woken = 0;
    }
    return o->generation == MEETING_COMPLETE;
}

/* Detached threads get whatever time they need: a sleep ends when nobody else can go on. */
void seam_settle(void)
{
    for (uint32_t i = 0; i < world->n_tasks; i++)
        if (world->tasks[i].detached && world->tasks[i].process == me->process &&
            world->tasks[i].state < TRACE_TASK_ENDED) {
            sleep_until(world->now + 1, CALLER);
            break;
        }
    for (uint32_t i = 0; i < world->n_tasks; i++)
        if (world->tasks[i].state == TRACE_TASK_ENDED)
            clocks_joined(world->tasks[i].clock, NULL);
}

void seam_stop(void)
{
    finish(END_STOPPED, 0, "the probe ended the run");
}

static void visible(enum trace_kind kind, enum trace_space space, uint64_t address, const void *pc)
{
    struct trace_op op = op_in(kind, space, address, pc);

    if (!me || world->n_tasks == 1)
        return;
    if (world->alive > 1)
        step(&op);
    else
        note(&op);
}

/* Each name's facts are a list, in the order of saying. */
#define SAYS(name) visible(OP_FACT, SPACE_FACT, fnv1a(name, strlen(name)), CALLER)

WRAP(void, fact_int, (const char *name, long value))
{
    SAYS(name);
    __real_fact_int(name, value);
}

WRAP(void, fact_bool, (const char *name, bool value))
{
    SAYS(name);
    __real_fact_bool(name, value);
}

WRAP(void, fact_str, (const char *name, const char *value))
{
    SAYS(name);
    __real_fact_str(name, value);
}

WRAP(void, fact_ints, (const char *name, const long *values, size_t count))
{
    SAYS(name);
    __real_fact_ints(name, values, count);
}

WRAP(void, fact_fingerprint, (const char *name, const void *bytes, size_t length))
{
    SAYS(name);
    __real_fact_fingerprint(name, bytes, length);
}

WRAP(long, shared_add, (unsigned slot, long delta))
{
    visible(OP_COUNT, SPACE_SLOT, slot, CALLER);
    return __real_shared_add(slot, delta);
}

WRAP(long, shared_get, (unsigned slot))
{
    visible(OP_COUNT, SPACE_SLOT, slot, CALLER);
    return __real_shared_get(slot);
}

#define SECTION(name) visible(OP_COUNT, SPACE_SLOT, fnv1a(name, strlen(name)) | 1ull << 63, CALLER)

WRAP(void, inside_enter, (const char *name))
{
    SECTION(name);
    __real_inside_enter(name);
}

WRAP(void, inside_leave, (const char *name))
{
    SECTION(name);
    __real_inside_leave(name);
}

WRAP(long, inside_peak, (const char *name))
{
    SECTION(name);
    return __real_inside_peak(name);
}
