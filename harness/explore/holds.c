/* SPDX-License-Identifier: MIT */
#include "explore/holds.h"

#include <string.h>

/* How an operation changes what its task holds: +1 takes place[i], -1 gives it back. */
static const struct {
    int8_t change;
    uint8_t place;
} lock_change[OP_KINDS] = {
    [OP_LOCK] = {1, 0},
    [OP_TRYLOCK] = {1, 0},
    [OP_UNLOCK] = {-1, 0},
    [OP_WAIT] = {-1, 1},
    [OP_WAKE] = {1, 1},
    [OP_READ_LOCK] = {1, 0},
    [OP_WRITE_LOCK] = {1, 0},
    [OP_TRY_READ_LOCK] = {1, 0},
    [OP_TRY_WRITE_LOCK] = {1, 0},
    [OP_READ_UNLOCK] = {-1, 0},
    [OP_WRITE_UNLOCK] = {-1, 0},
};

static bool same_place(const struct trace_place *a, const struct trace_place *b)
{
    return a->address == b->address && a->space == b->space;
}

static size_t drop(struct hold *held, size_t n, const struct trace_place *place)
{
    for (size_t i = 0; i < n; i++)
        if (same_place(&held[i].place, place)) {
            memmove(&held[i], &held[i + 1], (n - i - 1) * sizeof(*held));
            return n - 1;
        }
    return n;
}

static bool has(const struct hold *held, size_t n, const struct trace_place *place)
{
    for (size_t i = 0; i < n; i++)
        if (same_place(&held[i].place, place))
            return true;
    return false;
}

/* A lock that was refused changes nothing, nor does the inner unlock of a recursive mutex. */
static bool takes_effect(const struct trace_event *e)
{
    if (e->op.kind == OP_WAKE)
        return true;
    if (e->op.kind == OP_UNLOCK && e->after)
        return false;
    return !(e->flags & (EVENT_FAILED | EVENT_TIMEOUT));
}

int holds_change(const struct trace_event *e, int *ret_place)
{
    *ret_place = 0;
    if (e->op.kind >= OP_KINDS || !takes_effect(e))
        return 0;
    *ret_place = lock_change[e->op.kind].place;
    return lock_change[e->op.kind].change;
}

static bool is_reading(const struct trace_event *e)
{
    return e->op.kind == OP_READ_LOCK || e->op.kind == OP_TRY_READ_LOCK;
}

size_t holds_before(const struct trace_event *events, uint32_t event, int task, struct hold *ret)
{
    size_t n = 0;

    for (uint32_t i = 0; i < event; i++) {
        const struct trace_event *e = &events[i];
        const struct trace_place *place;
        int where, change = e->task == task ? holds_change(e, &where) : 0;

        if (!change)
            continue;
        place = &e->op.place[where];
        if (change < 0)
            n = drop(ret, n, place);
        else if (n < HOLDS_MOST && !has(ret, n, place))
            ret[n++] = (struct hold){.place = *place, .since = i, .reading = is_reading(e)};
    }
    return n;
}

static size_t guards(const struct trace_event *events, const struct trace_access *a)
{
    struct hold all[HOLDS_MOST];
    size_t n = holds_before(events, a->event, a->task, all), found = 0;

    for (size_t i = 0; i < n; i++)
        found += !a->writes || !all[i].reading;
    return found;
}

int holds_less(
    const struct trace_event *events, uint32_t n_events, const struct trace_finding *race)
{
    const struct trace_access *a = race->access;

    if (a[0].event >= n_events || a[1].event >= n_events)
        return 0;
    return guards(events, &a[1]) < guards(events, &a[0]);
}
