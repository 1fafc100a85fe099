/* SPDX-License-Identifier: MIT */
/*
 * log - what happened, for the search and for people: events, findings, call frames, heap blocks.
 */
#include "explore/runtime/world.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct trace_event *log_event(struct task *t, const struct trace_op *op)
{
    struct trace_result *r = &arena->result;
    struct trace_event *e;

    if (r->n_events >= TRACE_EVENTS)
        finish(END_STEPS, 0, "more than %d events", TRACE_EVENTS);
    e = &arena->events[r->n_events];
    memset(e, 0, sizeof(*e));
    e->op = *op;
    e->task = (uint16_t)t->id;
    t->event = r->n_events++;
    t->events++;
    return e;
}

struct trace_finding *log_finding(enum trace_finding_kind kind, const char *format, ...)
{
    struct trace_result *r = &arena->result;
    struct trace_finding *f;
    va_list ap;

    if (r->n_findings >= TRACE_FINDINGS)
        return NULL;
    f = &arena->findings[r->n_findings++];
    memset(f, 0, sizeof(*f));
    f->kind = kind;
    f->access[0].task = f->access[1].task = NO_TASK;
    f->access[0].event = f->access[1].event = UINT32_MAX;
    if (!format)
        return f;
    va_start(ap, format);
    vsnprintf(f->text, sizeof(f->text), format, ap);
    va_end(ap);
    return f;
}

/* A finding about one call of the calling task: at its last event, if that is the call's. */
void log_misuse(const void *pc, const char *format, ...)
{
    bool has_event = me->events && arena->events[me->event].op.pc == (uint64_t)(uintptr_t)pc;
    char text[TRACE_TEXT];
    struct trace_finding *f;
    va_list ap;

    va_start(ap, format);
    vsnprintf(text, sizeof(text), format, ap);
    va_end(ap);
    f = log_finding(FINDING_MISUSE, "%s", text);
    if (f)
        f->access[0] = (struct trace_access){.task = me->id,
            .frame = me->frame,
            .pc = (uint64_t)(uintptr_t)pc,
            .event = has_event ? me->event : UINT32_MAX};
}

static uint64_t peek(uint64_t address, uint32_t size)
{
    uint64_t value = 0;

    memcpy(&value, (const void *)(uintptr_t)address, size < 8 ? size : 8);
    return value;
}

/* The callback of a write comes before the write, so its value is read at the task's next entry
 * into the runtime. Nobody else ran in between. */
void settle(void)
{
    uint64_t value;

    if (!me->written)
        return;
    value = peek(me->written, me->written_size);
    me->written = 0;
    if (me->written_event != UINT32_MAX)
        arena->events[me->written_event].after = value;
    if (value != me->old_value || me->written_size > 8) {
        spin_changed(&me->written_place);
        spin_progress();
    }
}

static uint32_t new_frame(uint32_t parent, uint64_t call_pc, uint64_t base)
{
    struct trace_result *r = &arena->result;
    struct trace_frame *f;

    if (r->n_frames >= TRACE_FRAMES)
        return 0;
    f = &arena->frames[r->n_frames];
    *f = (struct trace_frame){
        .parent = parent, .task = (uint32_t)me->id, .call_pc = call_pc, .base = base};
    if (parent) {
        f->next = arena->frames[parent].children;
        arena->frames[parent].children = r->n_frames;
    }
    return r->n_frames++;
}

static uint32_t find_frame(uint32_t parent, uint64_t call_pc, uint64_t base)
{
    uint32_t i = parent ? arena->frames[parent].children : 0;

    for (; i; i = arena->frames[i].next)
        if (arena->frames[i].call_pc == call_pc && arena->frames[i].base == base)
            return i;
    return new_frame(parent, call_pc, base);
}

/* The stack grows downwards: a frame at or below `base` has been left, by longjmp() perhaps. */
static void drop_frames(uint64_t base)
{
    while (me->frame && arena->frames[me->frame].base <= base)
        me->frame = arena->frames[me->frame].parent;
}

void frame_enter(const void *call_pc, const void *base)
{
    drop_frames((uint64_t)(uintptr_t)base);
    me->frame = find_frame(me->frame, (uint64_t)(uintptr_t)call_pc, (uint64_t)(uintptr_t)base);
}

void frame_leave(const void *base)
{
    drop_frames((uint64_t)(uintptr_t)base);
}

void heap_add(const void *p, size_t size, const void *pc)
{
    struct trace_result *r = &arena->result;

    if (r->n_blocks >= TRACE_BLOCKS)
        return;
    arena->blocks[r->n_blocks++] = (struct trace_block){.address = (uint64_t)(uintptr_t)p,
        .size = size,
        .pc = (uint64_t)(uintptr_t)pc,
        .frame = me->frame,
        .task = (uint16_t)me->id,
        .space = (uint16_t)me->process,
        .made_at = r->n_events,
        .freed_at = UINT32_MAX};
}

struct trace_block *heap_block(const void *p)
{
    for (uint32_t i = arena->result.n_blocks; i-- > 0;) {
        struct trace_block *b = &arena->blocks[i];

        if (b->address == (uint64_t)(uintptr_t)p && b->space == (uint16_t)me->process)
            return b->taken ? NULL : b;
    }
    return NULL;
}

void heap_taken(const void *p)
{
    struct trace_block *b = heap_block(p);

    if (b)
        b->taken = 1;
}
