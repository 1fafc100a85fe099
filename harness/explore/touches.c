/* SPDX-License-Identifier: MIT */
#include "explore/touches.h"

#include "base/buf.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_UNITS = 5, FIRST_SLOTS = 256 };

#define EVERYWHERE 1ull /* the chain of events that touch much, or everything */

struct keys {
    uint64_t key[TOUCH_KEYS];
    uint32_t n;
    bool everywhere;
};

void touches_release(struct touches *t)
{
    free(t->links);
    free(t->chains);
    *t = TOUCHES_EMPTY;
}

void touches_reset(struct touches *t)
{
    t->n_links = t->n_chains = 0;
    t->last_event = -1;
    t->age++;
}

static void add_key(struct keys *k, uint64_t key)
{
    for (uint32_t i = 0; i < k->n; i++)
        if (k->key[i] == key)
            return;
    k->key[k->n++] = key;
}

/* One key for every eight bytes; objects that are no memory have a size of one. */
static void add_place(struct keys *k, const struct trace_place *p)
{
    uint64_t first = p->address / 8, last = (p->address + p->size - 1) / 8;

    if (!p->size)
        return;
    if (p->space == SPACE_ALL || last - first >= MOST_UNITS) {
        k->everywhere = true;
        return;
    }
    for (uint64_t unit = first; unit <= last; unit++)
        add_key(k, (unit << 10 | p->space) + 2);
}

static struct keys keys_of(const struct trace_op *op)
{
    struct keys k = {.n = 0};

    add_place(&k, &op->place[0]);
    add_place(&k, &op->place[1]);
    return k;
}

static struct touch_chain *find_chain(const struct touches *t, uint64_t key)
{
    uint32_t slot = (uint32_t)(key * 0x9e3779b97f4a7c15ull >> 40) & (t->slots - 1);

    while (t->chains[slot].age == t->age && t->chains[slot].key != key)
        slot = (slot + 1) & (t->slots - 1);
    return &t->chains[slot];
}

static void make_room(struct touches *t)
{
    struct touch_chain *old = t->chains;
    uint32_t n = t->slots;

    if (2 * (t->n_chains + TOUCH_KEYS) < n)
        return;
    t->slots = n ? 2 * n : FIRST_SLOTS;
    t->chains = xcalloc(t->slots, sizeof(*t->chains));
    for (uint32_t i = 0; i < n; i++)
        if (old[i].age == t->age)
            *find_chain(t, old[i].key) = old[i];
    free(old);
}

static void add_link(struct touches *t, uint64_t key, int32_t event)
{
    struct touch_chain *c = find_chain(t, key);

    if (c->age != t->age) {
        *c = (struct touch_chain){.key = key, .age = t->age, .last = -1};
        t->n_chains++;
    }
    if (t->n_links == t->capacity) {
        t->capacity = t->capacity ? 2 * t->capacity : 1024;
        t->links = xrealloc(t->links, t->capacity * sizeof(*t->links));
    }
    t->links[t->n_links] = (struct touch_link){.event = event, .previous = c->last};
    c->last = (int32_t)t->n_links++;
}

void touches_add(struct touches *t, const struct trace_op *op, uint32_t event)
{
    struct keys k = keys_of(op);

    make_room(t);
    for (uint32_t i = 0; i < k.n; i++)
        add_link(t, k.key[i], (int32_t)event);
    if (k.everywhere)
        add_link(t, EVERYWHERE, (int32_t)event);
    t->last_event = (int32_t)event;
}

static void start_at(struct touch_walk *w, uint64_t key)
{
    const struct touch_chain *c = find_chain(w->touches, key);

    if (c->age == w->touches->age)
        w->at[w->n++] = c->last;
}

struct touch_walk touches_walk(const struct touches *t, const struct trace_op *op)
{
    struct touch_walk w = {.touches = t};
    struct keys k = keys_of(op);

    w.all = k.everywhere;
    if (w.all) {
        w.at[0] = t->last_event;
        return w;
    }
    if (!k.n || !t->slots)
        return w;
    for (uint32_t i = 0; i < k.n; i++)
        start_at(&w, k.key[i]);
    start_at(&w, EVERYWHERE);
    return w;
}

int32_t touches_next(struct touch_walk *w)
{
    const struct touch_link *links = w->touches->links;
    int32_t latest = -1;

    if (w->all)
        return w->at[0] >= 0 ? w->at[0]-- : -1;
    for (uint32_t i = 0; i < w->n; i++)
        if (w->at[i] >= 0 && links[w->at[i]].event > latest)
            latest = links[w->at[i]].event;
    for (uint32_t i = 0; i < w->n; i++)
        if (w->at[i] >= 0 && links[w->at[i]].event == latest)
            w->at[i] = links[w->at[i]].previous;
    return latest;
}
