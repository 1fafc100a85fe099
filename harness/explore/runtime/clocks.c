/* SPDX-License-Identifier: MIT */
/*
 * clocks - happens-before by vector clocks (Lamport 1978, Mattern 1988), as in FastTrack (Flanagan
 * and Freund, PLDI'09). A task's own component counts its releases; an access is known by the task
 * and the value of that component, its epoch. It happened before another task's access when that
 * task's clock has reached the epoch.
 *
 * Each task has two clocks: one with every synchronisation, which decides what is a race, and one
 * with creating and joining alone. Memory that is only ever handed over by those two is not worth a
 * scheduling point, however the locks lie.
 */
#include "explore/runtime/world.h"

#include <string.h>

void clocks_join(clock_row to, const clock_row from)
{
    for (uint32_t i = 0; i < world->n_tasks; i++)
        if (to[i] < from[i])
            to[i] = from[i];
}

uint32_t clocks_new(void)
{
    if (world->n_clocks == WORLD_CLOCKS)
        unsupported("more than 2048 clocks");
    memset(world->clocks[world->n_clocks], 0, sizeof(clock_row));
    return world->n_clocks++;
}

static void next_epoch(void)
{
    me->clock[me->id]++;
    me->birth[me->id] = me->clock[me->id];
}

void acquire(uint32_t row)
{
    if (row)
        clocks_join(me->clock, world->clocks[row]);
}

void release(uint32_t *row)
{
    if (!*row)
        *row = clocks_new();
    clocks_join(world->clocks[*row], me->clock);
    next_epoch();
}

void release_over(uint32_t *row)
{
    if (!*row)
        *row = clocks_new();
    memcpy(world->clocks[*row], me->clock, sizeof(clock_row));
    next_epoch();
}

void clocks_born(struct task *child)
{
    memcpy(child->clock, me->clock, sizeof(clock_row));
    memcpy(child->birth, me->birth, sizeof(clock_row));
    child->clock[child->id] = child->birth[child->id] = child->worked = 1;
    next_epoch();
}

void clocks_joined(const clock_row done, const clock_row birth)
{
    clocks_join(me->clock, done);
    if (birth)
        clocks_join(me->birth, birth);
}
