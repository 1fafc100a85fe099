/* SPDX-License-Identifier: MIT */
/*
 * spin - tasks that wait by looking again and again. A task that goes round in a circle, sees what
 * it saw before and has changed nothing in between is not enabled until somebody changes what it
 * looks at. Without this an exhaustive search of `while (!done);` would never end.
 *
 * That it is a circle is *proven* when the task's own stack is the same in each round, byte for
 * byte: a thread in the same state that sees the same does the same. A loop that counts its rounds,
 * or looks at a clock, differs each time; it is given far more rounds, since it may have a bound,
 * and the search says that it left the rest out.
 *
 * A circle may lead through locks. Then the task stops in front of the outermost one, not inside
 * where it would keep the others out, and another unlocking is no news: only what was read is.
 *
 * What changed is known by versions, one counter for many addresses: a collision lets a task look
 * once too often, which is harmless. When nobody else can go on, see unblock.c.
 */
#include "explore/runtime/world.h"

enum {
    PROVEN_AFTER = 1, /* rounds that were like the one before */
    UNPROVEN_AFTER = 20,
    TOO_MANY = WORLD_SEEN + 1,
    MOST_STACK = 1 << 16,
};

static uint32_t *version_of(const struct trace_place *p)
{
    uint64_t h = ((p->address >> 3) ^ (uint64_t)p->space << 20) * 0x9e3779b97f4a7c15ull;

    return &world->version[h >> 54];
}

_Static_assert(WORLD_VERSIONS == 1 << (64 - 54), "the hash gives ten bits");

void spin_changed(const struct trace_place *place)
{
    struct trace_place unit = *place;
    uint64_t end = place->address + place->size;

    for (unit.address &= ~7ull; unit.address < end; unit.address += 8) {
        uint32_t *version = version_of(&unit);

        /* One's own change is no news, but must not hide somebody else's. */
        for (uint32_t i = 0; i < me->n_seen && i < WORLD_SEEN; i++)
            if (version_of(&me->seen[i].place) == version && me->seen[i].version == *version)
                me->seen[i].version++;
        ++*version;
    }
}

void spin_progress(void)
{
    me->n_seen = 0;
    world->idle_rounds = 0;
}

/* The student's stack pointer at the call: right above the return address, which is the first of
 * its value below the frame of the function. 0: not known. */
static const uint64_t *stack_pointer(const struct trace_op *op)
{
    const uint64_t *low = __builtin_frame_address(0);
    const uint64_t *at = (const uint64_t *)(uintptr_t)arena->frames[op->frame].base;

    if (!op->frame || at > low + MOST_STACK / sizeof(*low))
        return NULL;
    while (--at > low)
        if (*at == op->pc)
            return at + 1;
    return NULL;
}

/* A hash of all that the task has on its stack; 0: not known. */
static uint64_t own_state(const struct trace_op *op)
{
    const uint64_t *at = stack_pointer(op);
    const uint64_t *top = (const uint64_t *)(uintptr_t)me->stack_base;
    uint64_t hash = 1;

    if (!at || at > top || top > at + MOST_STACK / sizeof(*at))
        return 0;
    for (; at < top; at++)
        hash = (hash ^ *at) * 0x9e3779b97f4a7c15ull ^ hash >> 29;
    return hash | 1;
}

static struct sighting *find(const struct trace_op *op)
{
    for (uint32_t i = 0; i < me->n_seen && i < WORLD_SEEN; i++)
        if (me->seen[i].pc == op->pc && me->seen[i].place.address == op->place[0].address)
            return &me->seen[i];
    return NULL;
}

/* A spinning task is enabled by a change of anything that it looks at, so it depends on that. */
static void widen_footprint(struct trace_op *op)
{
    for (uint32_t i = 0; i < me->n_seen && i < WORLD_SEEN; i++) {
        const struct sighting *s = &me->seen[i];

        if (s->is_lock || s->place.address == op->place[0].address)
            continue;
        if (op->place[1].size && op->place[1].address != s->place.address)
            op->place[1].space = SPACE_ALL;
        else
            op->place[1] = s->place;
        op->place[1].writes = 0;
    }
}

/* Is there a place further out in the circle, with fewer locks held, where the task can wait? */
static bool is_inside(void)
{
    for (uint32_t i = 0; i < me->n_seen; i++)
        if (me->seen[i].times > 1 && me->seen[i].held < me->held)
            return true;
    return false;
}

void spin_prepare(struct trace_op *op)
{
    const struct sighting *s = me->n_seen == TOO_MANY ? NULL : find(op);

    if (!s || (s->proven < PROVEN_AFTER && s->times < UNPROVEN_AFTER) || is_inside())
        return;
    op->flags |= OPF_SPINNING;
    if (s->proven < PROVEN_AFTER) {
        op->flags |= OPF_UNPROVEN;
        arena->result.cut_loops++;
    }
    widen_footprint(op);
}

static struct sighting *new_sighting(const struct trace_op *op, uint64_t value, uint64_t state)
{
    struct sighting *s;

    if (me->n_seen >= WORLD_SEEN) {
        me->n_seen = TOO_MANY;
        return NULL;
    }
    s = &me->seen[me->n_seen++];
    *s = (struct sighting){.pc = op->pc,
        .place = op->place[0],
        .value = value,
        .state = state,
        .held = (uint16_t)me->held};
    return s;
}

/* What was not looked at since the last time here is no part of this circle: that it has changed
 * would be news for ever. Returns where `s` is now. */
static struct sighting *forget_others(const struct trace_op *op, const struct sighting *s)
{
    uint32_t since = s->look, kept = 0;

    if (me->n_seen == TOO_MANY || (s->proven < PROVEN_AFTER && s->times < UNPROVEN_AFTER))
        return find(op);
    for (uint32_t i = 0; i < me->n_seen; i++)
        if (me->seen[i].look >= since)
            me->seen[kept++] = me->seen[i];
    me->n_seen = kept;
    return find(op);
}

static void saw(const struct trace_op *op, uint64_t value, bool is_visible)
{
    struct sighting *s = find(op);
    uint64_t state = s || is_visible ? own_state(op) : 0;

    me->look_again = 0;
    if (s && s->value != value) {
        me->n_seen = 0;
        s = NULL;
    }
    if (!s) {
        s = new_sighting(op, value, state);
    } else {
        s->proven = state && state == s->state ? s->proven + 1 : 0;
        s->state = state;
        s = forget_others(op, s);
    }
    if (!s)
        return;
    s->times++;
    s->look = ++me->looks;
    s->version = *version_of(&s->place);
    s->is_lock = 0; /* so far; it may have got it the last time */
}

void spin_saw(const struct trace_op *op, uint64_t value)
{
    saw(op, value, true);
}

/* The same for reads of memory that nobody shares: there are many, and few of them are loops. */
void spin_glanced(const struct trace_op *op, uint64_t value)
{
    saw(op, value, false);
}

void spin_locks(const struct trace_op *op)
{
    struct sighting *s;

    spin_saw(op, 0);
    s = find(op);
    if (s)
        s->is_lock = 1;
}

bool spin_news(const struct task *t)
{
    for (uint32_t i = 0; i < t->n_seen && i < WORLD_SEEN; i++)
        if (!t->seen[i].is_lock && *version_of(&t->seen[i].place) != t->seen[i].version)
            return true;
    return false;
}
