/* SPDX-License-Identifier: MIT */
#include "explore/calibrate.h"

#include "explore/search.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_RUNS = 12, QUIET_RUNS = 3 };

void watch_set_release(struct watch_set *w)
{
    free(w->items);
    *w = WATCH_SET_EMPTY;
}

static unsigned mask_of(const struct watch_set *w, uint64_t unit)
{
    unsigned mask = 0;

    for (uint32_t i = 0; i < w->count; i++)
        if (w->items[i].unit == unit)
            mask |= w->items[i].mask;
    return mask;
}

bool watch_set_has(const struct watch_set *w, const struct trace_watch *item)
{
    return (item->mask & 0xff & ~mask_of(w, item->unit)) == 0;
}

void watch_set_add(struct watch_set *w, const struct trace_watch *item)
{
    if (watch_set_has(w, item) || w->count == TRACE_WATCHES)
        return;
    w->items = xrealloc(w->items, (w->count + 1) * sizeof(*w->items));
    w->items[w->count++] = (struct trace_watch){.unit = item->unit, .mask = item->mask & 0xff};
}

bool watch_set_shows(const struct watch_set *w, const struct trace_op *op)
{
    uint64_t from = op->place[0].address, to = from + op->place[0].size;

    if (!(op->flags & OPF_MEMORY) || op->flags & OPF_SPINNING)
        return true;
    for (uint32_t i = 0; i < w->count; i++)
        for (unsigned byte = 0; byte < 8; byte++) {
            uint64_t at = w->items[i].unit * 8 + byte;

            if (w->items[i].mask >> byte & 1 && at >= from && at < to)
                return true;
        }
    return false;
}

void watch_set_plan(const struct watch_set *w, struct trace_plan *plan, int spurious)
{
    static uint32_t stamp = 1u << 30; /* apart from those of searches */

    memset(plan, 0, offsetof(struct trace_plan, expected));
    plan->max_steps = SEARCH_MOST_STEPS;
    plan->cpu_ms = SEARCH_CPU_MS;
    plan->spurious = (uint32_t)spurious;
    plan->n_watches = w->count;
    plan->watch_stamp = ++stamp;
    if (w->count)
        memcpy(plan->watches, w->items, w->count * sizeof(*w->items));
}

int calibrate(struct executor *e, struct watch_set *ret, struct buf *err)
{
    int quiet = 0;

    for (uint64_t run = 0; run < MOST_RUNS && quiet < QUIET_RUNS; run++) {
        struct trace_plan *plan = executor_plan(e);
        uint32_t before = ret->count;
        const struct execution *x;

        watch_set_plan(ret, plan, 0);
        plan->policy = run ? POLICY_WALK : POLICY_STAY;
        plan->flags = run == 1 ? PLAN_WATCH_ALL : 0;
        plan->seed = run;
        x = executor_run(e, err);
        if (!x)
            return -1;
        if (x->result->end == END_CPU || x->result->end == END_STUCK)
            quiet = QUIET_RUNS; /* a second each: what was learnt has to do */
        for (uint32_t i = 0; i < x->result->n_found; i++)
            watch_set_add(ret, &x->found[i]);
        quiet = ret->count == before ? quiet + 1 : quiet < QUIET_RUNS ? 0 : quiet;
    }
    return 0;
}
