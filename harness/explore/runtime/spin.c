/* SPDX-License-Identifier: MIT */
/*
 * spin - tasks that wait by looking again and again. A task that read the same values at the same
 * places three times, and changed nothing in between, spins: it is not enabled until somebody
 * changes what it looks at. Without this an exhaustive search of `while (!done);` would never end.
 *
 * What changed is known by versions, one counter for many addresses: a collision lets a task look
 * once too often, which is harmless. A loop that would have ended by itself (a bounded number of
 * rounds) gets its turn when nobody else can go on, see unblock.c.
 */
#include "explore/runtime/world.h"

enum { SPINS_AFTER = 3, TOO_MANY = WORLD_SEEN + 1 };

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
    world->idle_rounds = 0;
}

void spin_progress(void)
{
    me->n_seen = 0;
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
        if (me->seen[i].place.address == op->place[0].address)
            continue;
        if (op->place[1].size && op->place[1].address != me->seen[i].place.address)
            op->place[1].space = SPACE_ALL;
        else
            op->place[1] = me->seen[i].place;
        op->place[1].writes = 0;
    }
}

void spin_prepare(struct trace_op *op)
{
    const struct sighting *s = find(op);

    if (!s || s->times < SPINS_AFTER || me->n_seen == TOO_MANY)
        return;
    op->flags |= OPF_SPINNING;
    widen_footprint(op);
}

void spin_saw(const struct trace_op *op, uint64_t value)
{
    struct sighting *s = find(op);

    me->look_again = 0;
    if (s && s->value != value) {
        me->n_seen = 0;
        s = NULL;
    }
    if (!s && me->n_seen >= WORLD_SEEN) {
        me->n_seen = TOO_MANY;
        return;
    }
    if (!s) {
        s = &me->seen[me->n_seen++];
        *s = (struct sighting){.pc = op->pc, .place = op->place[0], .value = value};
    }
    s->times++;
    s->version = *version_of(&s->place);
}

bool spin_news(const struct task *t)
{
    for (uint32_t i = 0; i < t->n_seen && i < WORLD_SEEN; i++)
        if (*version_of(&t->seen[i].place) != t->seen[i].version)
            return true;
    return false;
}
