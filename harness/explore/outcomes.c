/* SPDX-License-Identifier: MIT */
#include "explore/outcomes.h"

#include "base/fingerprint.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

struct raw {
    uint64_t hash; /* 0: free */
    uint32_t index;
};

static uint64_t mix(uint64_t hash, const void *bytes, size_t length)
{
    return (hash ^ fnv1a(bytes, length)) * 0x9e3779b97f4a7c15ull;
}

static uint64_t hash_findings(const struct execution *x, uint64_t hash)
{
    for (uint32_t i = 0; i < x->result->n_findings; i++) {
        const struct trace_finding *f = &x->findings[i];
        uint64_t what[] = {f->kind, f->access[0].pc, f->access[1].pc};

        hash = mix(hash, what, sizeof(what));
        hash = mix(hash, f->text, strlen(f->text));
    }
    return hash;
}

static uint64_t hash_board(const struct board *b, uint64_t hash)
{
    int32_t left[] = {atomic_load(&b->children_left), atomic_load(&b->zombies_left),
        atomic_load(&b->threads_left), atomic_load(&b->threads_unjoined),
        atomic_load(&b->descriptors_left)};
    size_t used = atomic_load(&b->used);

    hash = mix(hash, left, sizeof(left));
    return mix(hash, b->transcript, used <= BOARD_TRANSCRIPT ? used : 0);
}

static uint64_t hash_of(const struct execution *x)
{
    uint64_t what[] = {x->result->end, (uint64_t)x->result->code, x->stage, 1};
    uint64_t hash = mix(1, what, sizeof(what));

    hash = mix(hash, x->result->text, strlen(x->result->text));
    hash = hash_findings(x, hash);
    return (x->board ? hash_board(x->board, hash) : hash) | 1;
}

static struct raw *raw_slot(struct outcome_set *set, uint64_t hash)
{
    size_t i = hash >> 20 & (set->raw_capacity - 1);

    while (set->raw[i].hash && set->raw[i].hash != hash)
        i = (i + 1) & (set->raw_capacity - 1);
    return &set->raw[i];
}

static void grow_raw(struct outcome_set *set)
{
    struct raw *old = set->raw;
    size_t n = set->raw_capacity;

    if (2 * (set->n_raw + 1) < n)
        return;
    set->raw_capacity = n ? 4 * n : 256;
    set->raw = xcalloc(set->raw_capacity, sizeof(*set->raw));
    for (size_t i = 0; i < n; i++)
        if (old[i].hash)
            *raw_slot(set, old[i].hash) = old[i];
    free(old);
}

static uint32_t add_seen(
    struct outcome_set *set, const struct execution *x, struct outcome o, char *key)
{
    struct seen *s;

    for (size_t i = 0; i < set->count; i++)
        if (!strcmp(set->items[i].key, key)) {
            free(key);
            outcome_release(&o);
            return (uint32_t)i;
        }
    set->items = xrealloc(set->items, (set->count + 1) * sizeof(*set->items));
    s = &set->items[set->count];
    *s = (struct seen){.outcome = o, .key = key, .end = x->result->end};
    schedule_of(&s->schedule, x);
    return (uint32_t)set->count++;
}

/* A schedule that was taken while more memory was visible says more: it can be told again in the
 * terms of the set that replays use, which an early one sometimes cannot. */
static void retake_schedule(
    struct seen *s, const struct execution *x, uint32_t n_watches, uint32_t flags)
{
    if (n_watches <= s->n_watches)
        return;
    schedule_release(&s->schedule);
    schedule_of(&s->schedule, x);
    s->n_watches = n_watches;
    s->plan_flags = flags;
}

int outcomes_add(struct outcome_set *set, const struct execution *x, uint32_t n_watches,
    uint32_t plan_flags, struct buf *err)
{
    uint64_t hash = hash_of(x);
    struct raw *raw;

    grow_raw(set);
    raw = raw_slot(set, hash);
    if (!raw->hash) {
        struct outcome o = OUTCOME_EMPTY;
        size_t before = set->count;
        char *key;

        if (outcome_of_execution(x, set->races_fail, &o, &key, err))
            return -1;
        *raw = (struct raw){.hash = hash, .index = add_seen(set, x, o, key)};
        set->n_raw++;
        if (set->count > before) {
            set->items[before].n_watches = n_watches;
            set->items[before].plan_flags = plan_flags;
        }
    }
    retake_schedule(&set->items[raw->index], x, n_watches, plan_flags);
    set->items[raw->index].count[set->exhaustive ? 0 : 1]++;
    return (int)raw->index;
}

void outcomes_release(struct outcome_set *set)
{
    for (size_t i = 0; i < set->count; i++) {
        outcome_release(&set->items[i].outcome);
        schedule_release(&set->items[i].schedule);
        free(set->items[i].key);
    }
    free(set->items);
    free(set->raw);
    *set = (struct outcome_set){0};
}
