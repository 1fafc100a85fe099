/* SPDX-License-Identifier: MIT */
/*
 * shadow - who touched each byte of the student's memory, and what follows from it: data races, and
 * which memory tasks share.
 *
 * Each unit of 8 bytes has a list with the last access of every task, by kind and bytes. Nothing is
 * thrown away by chance, so within one execution every race is found: two accesses of different
 * tasks to the same bytes, one of them a write, one of them not atomic, and no happens-before.
 * Memory is *shared* when two such accesses (atomic or not) are not ordered by creating and joining
 * alone; the search makes it visible from the next execution on.
 */
#include "explore/runtime/world.h"

#include <stdio.h>
#include <string.h>

enum { SLOTS_IN_PAGE = 1024 };

/* Neighbours in memory are neighbours in the index, so that few pages are touched; stretches of a
 * page each are scattered, so that the memory of one process does not run into another's. */
static uint32_t find_slot(uint64_t unit, uint16_t space)
{
    uint64_t stretch = (unit / SLOTS_IN_PAGE + space * 4099u) * 0x9e3779b97f4a7c15ull >> 40;
    uint32_t slot = (uint32_t)(stretch * SLOTS_IN_PAGE + unit % SLOTS_IN_PAGE) &
                    (WORLD_CELL_INDEX - 1);

    while (world->cell_index[slot]) {
        const struct cell *c = &world->cells[world->cell_index[slot] - 1];

        if (c->unit == unit && c->space == space)
            break;
        slot = (slot + 1) & (WORLD_CELL_INDEX - 1);
    }
    return slot;
}

static struct cell *find_cell(uint64_t unit, uint16_t space)
{
    uint32_t slot = find_slot(unit, space);

    return world->cell_index[slot] ? &world->cells[world->cell_index[slot] - 1] : NULL;
}

/* NULL when the table is full: then this memory is not looked at. */
static struct cell *make_cell(uint64_t unit, uint16_t space)
{
    uint32_t slot = find_slot(unit, space);
    struct cell *c;

    if (world->cell_index[slot])
        return &world->cells[world->cell_index[slot] - 1];
    if (world->n_cells == WORLD_CELLS)
        return NULL;
    c = &world->cells[world->n_cells++];
    world->cell_index[slot] = world->n_cells;
    *c = (struct cell){.unit = unit, .space = space, .slot = slot};
    return c;
}

void shadow_reset(void)
{
    for (uint32_t i = 0; i < world->n_cells; i++)
        world->cell_index[world->cells[i].slot] = 0;
    world->n_cells = 0;
    world->n_records = 1; /* record 0: the end of a list */
}

/* Tells the search, once for each byte. `unit` is the program's own address, also where processes
 * share the memory: that is what the plan watches. */
static void say_shared(struct cell *c, uint64_t unit, unsigned mask)
{
    c->shared |= (uint8_t)mask;
    if (c->found) {
        arena->found[c->found - 1].mask |= mask;
        return;
    }
    if ((watch_mask(unit) & mask) == mask || arena->result.n_found == TRACE_WATCHES)
        return;
    arena->found[arena->result.n_found] = (struct trace_watch){.unit = unit, .mask = mask};
    c->found = ++arena->result.n_found;
}

static struct trace_access access_of(const struct record *r)
{
    return (struct trace_access){.task = r->task,
        .frame = r->frame,
        .pc = r->pc,
        .event = r->event,
        .writes = r->writes,
        .atomic = r->atomic,
        .size = r->size};
}

static bool said_before(enum trace_finding_kind kind, uint64_t pc, uint64_t other_pc)
{
    for (uint32_t i = 0; i < arena->result.n_findings; i++) {
        const struct trace_finding *f = &arena->findings[i];

        if (f->kind == (uint32_t)kind && f->access[0].pc == pc && f->access[1].pc == other_pc)
            return true;
    }
    return false;
}

static void say_race(uint64_t address, const struct record *now, const struct record *earlier)
{
    struct trace_finding *f;

    if (said_before(FINDING_RACE, now->pc, earlier->pc))
        return;
    f = log_finding(FINDING_RACE, NULL);
    if (!f)
        return;
    f->address = address;
    f->access[0] = access_of(now);
    f->access[1] = access_of(earlier);
}

static void compare(struct cell *c, const struct span *s, uint64_t unit, const struct record *now)
{
    for (uint32_t i = c->first; i; i = world->records[i].next) {
        const struct record *r = &world->records[i];
        unsigned both = r->mask & now->mask;

        if (r->task == now->task || !both || !(r->writes | now->writes))
            continue;
        if (r->clock > me->birth[r->task])
            say_shared(c, unit, both);
        if (r->clock > me->clock[r->task] && !(r->atomic && now->atomic))
            say_race(s->address, now, r);
    }
}

/* A write makes what happened before it, on its bytes, irrelevant for races to come. */
static bool is_covered(const struct record *r, const struct record *now)
{
    if (r->mask & ~now->mask)
        return false;
    if (r->task == now->task)
        return r->atomic >= now->atomic && r->writes <= now->writes;
    return now->writes && !now->atomic && r->clock <= me->clock[r->task];
}

static void remember(struct cell *c, const struct record *now)
{
    uint32_t *link = &c->first;
    uint32_t free_record = 0;

    while (*link) {
        struct record *r = &world->records[*link];

        if (is_covered(r, now)) {
            free_record = *link;
            *link = r->next;
        } else {
            link = &r->next;
        }
    }
    if (!free_record && world->n_records < WORLD_RECORDS)
        free_record = world->n_records++;
    if (!free_record)
        return;
    world->records[free_record] = *now;
    world->records[free_record].next = c->first;
    c->first = free_record;
}

static unsigned bytes_in_unit(const struct span *s, uint64_t unit)
{
    uint64_t end = s->address + s->size;
    unsigned low = s->address > unit * 8 ? (unsigned)(s->address & 7) : 0;
    unsigned high = end < unit * 8 + 8 ? (unsigned)(end & 7) : 8;

    return (0xffu << low) & (0xffu >> (8 - high)) & 0xff;
}

static struct record record_of(const struct span *s)
{
    return (struct record){.clock = me->clock[me->id],
        .pc = (uint64_t)(uintptr_t)s->pc,
        .frame = me->frame,
        .event = s->event,
        .task = (uint16_t)me->id,
        .writes = s->writes,
        .atomic = s->atomic,
        .size = (uint8_t)(s->size < 255 ? s->size : 255)};
}

static void say_freed(const struct span *s, const struct record *now, const char *text)
{
    struct trace_finding *f;

    if (said_before(FINDING_FREED, now->pc, 0))
        return;
    f = log_finding(FINDING_FREED, "%s", text);
    if (!f)
        return;
    f->address = s->address;
    f->access[0] = access_of(now);
}

void shadow_access(const struct span *s)
{
    struct record now = record_of(s);
    struct trace_place place = place_of((const void *)(uintptr_t)s->address, s->size, s->writes);
    uint64_t shift = place.address / 8 - s->address / 8;

    for (uint64_t unit = s->address / 8; unit <= (s->address + s->size - 1) / 8; unit++) {
        struct cell *c = make_cell(unit + shift, place.space);

        if (!c)
            return;
        now.mask = (uint8_t)bytes_in_unit(s, unit);
        if (c->freed) {
            say_freed(s, &now, "memory is used after it was freed");
            say_shared(c, unit, now.mask);
        }
        compare(c, s, unit, &now);
        remember(c, &now);
    }
}

/* Calls `act` for each cell in the range that exists. */
static void each_cell(uint64_t address, uint64_t size, void (*act)(struct cell *))
{
    uint64_t first = address / 8, last = (address + size - 1) / 8;

    if (last - first > world->n_cells) {
        for (uint32_t i = 0; i < world->n_cells; i++) {
            struct cell *c = &world->cells[i];

            if (c->space == (uint16_t)me->process && c->unit >= first && c->unit <= last)
                act(c);
        }
        return;
    }
    for (uint64_t unit = first; unit <= last; unit++) {
        struct cell *c = find_cell(unit, (uint16_t)me->process);

        if (c)
            act(c);
    }
}

static void forget(struct cell *c)
{
    c->first = 0;
    c->freed = 0;
}

static void mark_freed(struct cell *c)
{
    c->first = 0;
    c->freed = 1;
}

void shadow_forget(uint64_t address, uint64_t size)
{
    if (size && world->n_cells)
        each_cell(address, size, forget);
}

void shadow_forget_shared(uint64_t address, uint64_t size)
{
    for (uint32_t i = 0; i < world->n_cells; i++) {
        struct cell *c = &world->cells[i];

        if (c->space == SPACE_SHARED && c->unit >= address / 8 && c->unit < (address + size) / 8)
            forget(c);
    }
}

static const struct span *freeing; /* the baton makes this safe */

static void compare_freed(struct cell *c)
{
    struct record now = record_of(freeing);

    now.mask = 0xff;
    if (c->freed)
        say_shared(c, c->unit, 0xff);
    else
        compare(c, freeing, c->unit, &now);
}

/* free() is a write of the whole block. Of what was never touched nothing need be known, except
 * at the beginning of the block that it is freed now. */
void shadow_free(const struct span *s)
{
    struct trace_place place = place_of((const void *)(uintptr_t)s->address, s->size, true);
    uint64_t last = (place.address + s->size - 1) / 8;

    if (!s->size || world->n_tasks == 1)
        return;
    for (uint64_t unit = place.address / 8; unit <= last && unit < place.address / 8 + 16; unit++)
        make_cell(unit, place.space);
    freeing = s;
    each_cell(s->address, s->size, compare_freed);
    each_cell(s->address, s->size, mark_freed);
}

void shadow_freed_twice(const struct span *s)
{
    struct record now = record_of(s);

    say_freed(s, &now, "memory is freed that was freed before");
}
