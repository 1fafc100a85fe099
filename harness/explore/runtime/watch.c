/* SPDX-License-Identifier: MIT */
/*
 * watch - which memory is worth a scheduling point. The table lives in the zygote's private memory
 * and is inherited by fork, so that reading it costs an execution nothing.
 */
#include "explore/runtime/world.h"

enum { SLOTS = 4 * TRACE_WATCHES };

static struct trace_watch table[SLOTS];
static uint32_t used[TRACE_WATCHES];
static uint32_t n_used;

static uint32_t find(uint64_t unit)
{
    uint32_t slot = (uint32_t)(unit * 0x9e3779b97f4a7c15ull >> 50) & (SLOTS - 1);

    while (table[slot].mask && table[slot].unit != unit)
        slot = (slot + 1) & (SLOTS - 1);
    return slot;
}

/* Only when it has changed: written pages have to be copied at the next fork. */
void watch_load(const struct trace_plan *plan)
{
    static uint32_t stamp;

    if (plan->watch_stamp == stamp)
        return;
    stamp = plan->watch_stamp;
    for (uint32_t i = 0; i < n_used; i++)
        table[used[i]].mask = 0;
    n_used = 0;
    for (uint32_t i = 0; i < plan->n_watches && i < TRACE_WATCHES; i++) {
        uint32_t slot = find(plan->watches[i].unit);

        if (!table[slot].mask)
            used[n_used++] = slot;
        table[slot].unit = plan->watches[i].unit;
        table[slot].mask |= plan->watches[i].mask & 0xff;
    }
}

unsigned watch_mask(uint64_t unit)
{
    return n_used ? table[find(unit)].mask : 0;
}

static unsigned bytes_of(uint64_t unit, uint64_t address, uint64_t size)
{
    uint64_t low = address > unit * 8 ? address - unit * 8 : 0;
    uint64_t high = address + size < unit * 8 + 8 ? address + size - unit * 8 : 8;

    return (0xffu << low) & (0xffu >> (8 - high));
}

bool watch_covers(uint64_t address, uint64_t size)
{
    uint64_t last = (address + size - 1) / 8;

    if (!size)
        return false;
    if (last - address / 8 > SLOTS) { /* a large range: look at the short list instead */
        for (uint32_t i = 0; i < n_used; i++)
            if (table[used[i]].unit >= address / 8 && table[used[i]].unit <= last)
                return true;
        return false;
    }
    for (uint64_t unit = address / 8; unit <= last; unit++)
        if (watch_mask(unit) & bytes_of(unit, address, size))
            return true;
    return false;
}
