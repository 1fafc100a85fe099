/* SPDX-License-Identifier: MIT */
/*
 * objects - the models of mutexes, condition variables, semaphores and the like, found by place.
 * The student's own pthread_mutex_t is never touched, only its address and, once, its static type.
 */
#include "explore/runtime/world.h"

#include <string.h>

/* Memory that processes share has one name in all of them. */
struct trace_place place_of(const void *p, uint32_t size, bool writes)
{
    const struct process *process = &world->processes[me->process];
    struct trace_place place = {.address = (uint64_t)(uintptr_t)p,
        .size = size,
        .space = (uint16_t)me->process,
        .writes = writes};

    for (uint32_t i = 0; i < process->n_regions; i++) {
        const struct region *r = &process->regions[i];

        if (place.address >= r->low && place.address < r->high) {
            place.address = r->canonical + (place.address - r->low);
            place.space = SPACE_SHARED;
            break;
        }
    }
    return place;
}

static uint32_t slot_of(enum object_type type, const struct trace_place *place)
{
    uint64_t h = (place->address >> 2) + place->space * 977u + (uint64_t)type * 131u;

    return (uint32_t)(h & (WORLD_INDEX - 1));
}

static bool is_it(const struct object *o, enum object_type type, const struct trace_place *place)
{
    return o->type == type && o->place.address == place->address && o->place.space == place->space;
}

/* The slot where the object is, or would go. */
static uint32_t find_slot(enum object_type type, const struct trace_place *place)
{
    uint32_t slot = slot_of(type, place);

    while (world->index[slot] && !is_it(&world->objects[world->index[slot] - 1], type, place))
        slot = (slot + 1) & (WORLD_INDEX - 1);
    return slot;
}

static struct object *new_object(enum object_type type, struct trace_place place, uint32_t slot)
{
    struct object *o;

    if (world->n_objects == WORLD_OBJECTS)
        unsupported("more than 4096 synchronisation objects");
    o = &world->objects[world->n_objects++];
    world->index[slot] = (uint16_t)world->n_objects;
    memset(o, 0, sizeof(*o));
    o->type = (uint8_t)type;
    o->place = place;
    o->place.size = 1;
    o->owner = NO_TASK;
    o->slot = slot;
    o->spurious_left = arena->plan.spurious;
    return o;
}

struct object *object_find(enum object_type type, struct trace_place place)
{
    uint32_t slot = find_slot(type, &place);

    if (world->index[slot])
        return &world->objects[world->index[slot] - 1];
    return new_object(type, place, slot);
}

struct object *object_at(enum object_type type, const void *p)
{
    return object_find(type, place_of(p, 1, true));
}

struct object *object_renew(enum object_type type, const void *p)
{
    struct object *o = object_at(type, p);
    uint32_t slot = o->slot;
    struct trace_place place = o->place;

    memset(o, 0, sizeof(*o));
    o->type = (uint8_t)type;
    o->place = place;
    o->owner = NO_TASK;
    o->slot = slot;
    o->spurious_left = arena->plan.spurious;
    return o;
}

void objects_reset(void)
{
    for (uint32_t i = 0; i < world->n_objects; i++)
        world->index[world->objects[i].slot] = 0;
    world->n_objects = 0;
}

/* A forked child has a copy of everything private to its parent; what the forking task (the caller)
 * held, its copy holds. */
void objects_fork(const struct task *first)
{
    uint16_t parent = (uint16_t)me->process, child = (uint16_t)first->process;
    uint32_t before = world->n_objects;

    for (uint32_t i = 0; i < before; i++) {
        const struct object *o = &world->objects[i];
        struct trace_place place = o->place;
        struct object *copy;
        uint32_t slot;

        if (place.space != parent)
            continue;
        place.space = child;
        copy = object_find((enum object_type)o->type, place);
        slot = copy->slot;
        *copy = *o;
        copy->place = place;
        copy->slot = slot;
        copy->clock = copy->clock2 = 0;
        copy->readers = (struct task_set){{0}};
        if (copy->owner == me->id)
            copy->owner = first->id;
    }
}
