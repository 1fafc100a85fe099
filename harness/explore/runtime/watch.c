/* SPDX-License-Identifier: MIT */
/*
 * watch - which memory is worth a scheduling point: a list in the order of addresses. It lives in
 * the zygote's private memory and is inherited by fork, so that reading it costs an execution
 * nothing; and it is dense, because each page of it has to be looked up in the page table.
 */
#include "explore/runtime/world.h"

#include <string.h>

static struct trace_watch watches[TRACE_WATCHES];
static uint32_t n_watches;

/* The first entry that is not below `unit`. */
static uint32_t find(uint64_t unit)
{
    uint32_t low = 0, high = n_watches;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (watches[middle].unit < unit)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void add(const struct trace_watch *w)
{
    uint32_t at = find(w->unit);

    if (at < n_watches && watches[at].unit == w->unit) {
        watches[at].mask |= w->mask;
        return;
    }
    memmove(&watches[at + 1], &watches[at], (n_watches - at) * sizeof(watches[0]));
    watches[at] = *w;
    n_watches++;
}

/* Only when it has changed: written pages have to be copied at the next fork. */
void watch_load(const struct trace_plan *plan)
{
    static uint32_t stamp;

    if (plan->watch_stamp == stamp)
        return;
    stamp = plan->watch_stamp;
    n_watches = 0;
    for (uint32_t i = 0; i < plan->n_watches && i < TRACE_WATCHES; i++)
        add(&plan->watches[i]);
}

unsigned watch_mask(uint64_t unit)
{
    uint32_t i = find(unit);

    return i < n_watches && watches[i].unit == unit ? watches[i].mask & 0xff : 0;
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
    for (uint32_t i = find(address / 8); i < n_watches && watches[i].unit <= last; i++)
        if (watches[i].mask & bytes_of(watches[i].unit, address, size))
            return true;
    return false;
}
