/* SPDX-License-Identifier: MIT */
#include "explain/names.h"

#include "base/clean.h"
#include "explain/blocks.h"
#include "explain/debug.h"
#include "explain/types.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PIPES_MOST = 64, TASK_NAME = 40, CHAIN_MOST = 64 };

struct names {
    const struct explain_trace *trace;
    struct debug *debug;
    struct lines *lines;
    struct sources *sources;
    struct blocks *blocks;
    uint64_t pipes[PIPES_MOST]; /* in the order of first use */
    size_t n_pipes;
    char tasks[TRACE_TASKS][TASK_NAME];
};

static void name_tasks(struct names *n)
{
    for (uint32_t i = 0; i < n->trace->result->n_tasks && i < TRACE_TASKS; i++) {
        const struct trace_task *t = &n->trace->tasks[i];
        char *own = clean_name(t->name, TRACE_NAME);

        if (*own)
            snprintf(n->tasks[i], TASK_NAME, "%s", own);
        else if (i == 0)
            snprintf(n->tasks[i], TASK_NAME, "main");
        else if (t->is_process)
            snprintf(n->tasks[i], TASK_NAME, "process %d", t->process);
        else
            snprintf(n->tasks[i], TASK_NAME, "thread %u", i);
        free(own);
    }
}

struct names *names_open(
    const struct explain_trace *t, const struct explain_source *source, struct buf *err)
{
    struct names *n = xcalloc(1, sizeof(*n));

    n->trace = t;
    n->debug = debug_open(source->program, err);
    n->lines = n->debug ? lines_open(source->program, err) : NULL;
    if (!n->lines) {
        names_close(n);
        return NULL;
    }
    n->sources = sources_open(source->files, EXPLAIN_FILES);
    n->blocks = blocks_open(t, n->debug, n->lines, n->sources);
    name_tasks(n);
    return n;
}

void names_close(struct names *n)
{
    if (!n)
        return;
    blocks_close(n->blocks);
    sources_close(n->sources);
    lines_close(n->lines);
    debug_close(n->debug);
    free(n);
}

/* Where a task stands at the time of an event: at its next operation, before which it is stopped;
 * at its last one when there is no next. */
static const struct trace_op *standing(const struct names *n, uint32_t event, uint32_t task)
{
    const struct explain_trace *t = n->trace;

    for (uint32_t i = event; i < t->result->n_events; i++)
        if (t->events[i].task == task && t->events[i].op.frame)
            return &t->events[i].op;
    if (t->tasks[task].state == TRACE_TASK_PENDING && t->tasks[task].pending.frame)
        return &t->tasks[task].pending;
    for (uint32_t i = event < t->result->n_events ? event : t->result->n_events; i-- > 0;)
        if (t->events[i].task == task && t->events[i].op.frame)
            return &t->events[i].op;
    return NULL;
}

static bool find_local(
    struct names *n, uint32_t event, uint32_t task, uint64_t address, struct variable *ret)
{
    const struct trace_op *op = standing(n, event, task);
    uint64_t pc = op ? op->pc : 0;
    uint32_t frame = op ? op->frame : 0;

    for (int i = 0; i < CHAIN_MOST && frame && frame < n->trace->result->n_frames; i++) {
        const struct trace_frame *f = &n->trace->frames[frame];
        const struct function *function = debug_function(n->debug, pc - 1);

        if (function && debug_local(function, f->base, address, ret))
            return true;
        pc = f->call_pc;
        frame = f->parent;
    }
    return false;
}

static bool on_stack_of(const struct trace_task *t, const struct trace_place *p)
{
    return p->address >= t->stack_low && p->address < t->stack_high &&
           (p->space >= SPACE_SHARED || p->space == t->process);
}

static bool find_on_stacks(
    struct names *n, uint32_t event, const struct trace_place *p, struct variable *ret)
{
    for (uint32_t i = 0; i < n->trace->result->n_tasks; i++)
        if (on_stack_of(&n->trace->tasks[i], p) && find_local(n, event, i, p->address, ret))
            return true;
    return false;
}

static void name_part(
    const struct variable *v, const struct trace_place *p, struct buf *name, struct thing *ret)
{
    buf_puts(name, v->name);
    type_part(&v->type, p->address - v->address, p->size, name, &ret->type);
    ret->typed = true;
}

static void name_memory(struct names *n, uint32_t event, const struct trace_place *p,
    struct buf *name, struct thing *ret)
{
    const struct variable *global = debug_global(n->debug, p->address);
    struct variable local;
    int block;

    if (global) {
        name_part(global, p, name, ret);
        return;
    }
    block = p->space < SPACE_SHARED ? blocks_find(n->blocks, event, p->address, p->space) : -1;
    if (block >= 0)
        blocks_part(
            n->blocks, block, p->address - n->trace->blocks[block].address, p->size, name, ret);
    else if (find_on_stacks(n, event, p, &local))
        name_part(&local, p, name, ret);
    else if (p->space == SPACE_SHARED)
        buf_printf(name, "shared memory +%u", (unsigned)(p->address & 4095));
    else
        buf_printf(name, "memory at %#llx", (unsigned long long)p->address);
}

static unsigned pipe_number(struct names *n, uint64_t inode)
{
    for (size_t i = 0; i < n->n_pipes; i++)
        if (n->pipes[i] == inode)
            return (unsigned)i + 1;
    if (n->n_pipes < PIPES_MOST)
        n->pipes[n->n_pipes++] = inode;
    return (unsigned)n->n_pipes;
}

void names_place(struct names *n, uint32_t event, const struct trace_place *place, bool is_memory,
    struct thing *ret)
{
    struct trace_place p = *place;
    struct buf name = BUF_EMPTY, clean = BUF_EMPTY;

    *ret = (struct thing){.block = -1};
    if (!is_memory)
        p.size = 1; /* a lock: the whole of it, known by where it begins */
    if (p.space == SPACE_TASK)
        buf_puts(&name, names_task(n, (int)p.address));
    else if (p.space == SPACE_PIPE)
        buf_printf(&name, "pipe %u", pipe_number(n, p.address));
    else if (p.space == SPACE_MEETING)
        buf_puts(&name, "the meeting");
    else if (p.space <= SPACE_SHARED)
        name_memory(n, event, &p, &name, ret);
    clean_line(&clean, buf_text(&name), name.length, THING_NAME - 8);
    snprintf(ret->name, sizeof(ret->name), "%s", buf_text(&clean));
    buf_release(&name);
    buf_release(&clean);
}

static void name_target(struct names *n, uint32_t event, uint64_t address, struct buf *out)
{
    unsigned process = 0;
    const struct function *f = debug_function(n->debug, address);
    const struct variable *global = debug_global(n->debug, address);
    struct trace_place place = {.address = address, .size = 1};
    struct variable local;
    int block;

    if (event < n->trace->result->n_events)
        process = (unsigned)n->trace->tasks[n->trace->events[event].task].process;
    place.space = (uint16_t)process;
    block = blocks_find(n->blocks, event, address, process);
    if (global || (block < 0 && find_on_stacks(n, event, &place, &local))) {
        const struct variable *v = global ? global : &local;
        Dwarf_Die unused;

        buf_printf(out, "&%s", v->name);
        if (address != v->address)
            type_part(&v->type, address - v->address, 1, out, &unused);
    } else if (block >= 0) {
        uint64_t offset = address - n->trace->blocks[block].address;

        blocks_name(n->blocks, block, out);
        if (offset)
            buf_printf(out, " +%llu", (unsigned long long)offset);
    } else if (f && f->low == address) {
        buf_printf(out, "%s()", f->name);
    } else {
        buf_printf(out, "%#llx", (unsigned long long)address);
    }
}

void names_value(struct names *n, uint32_t event, const struct thing *thing, uint64_t raw,
    uint32_t size, struct buf *out)
{
    if (!type_value(thing->typed ? &thing->type : NULL, raw, size, out))
        name_target(n, event, raw, out);
}

bool names_where(struct names *n, uint64_t return_pc, struct place *ret)
{
    return return_pc && lines_find(n->lines, return_pc - 1, ret) && ret->file && ret->line > 0;
}

const char *names_function(struct names *n, uint64_t address)
{
    const struct function *f = debug_function(n->debug, address);

    return f ? f->name : NULL;
}

const char *names_task(const struct names *n, int task)
{
    return task >= 0 && task < TRACE_TASKS && n->tasks[task][0] ? n->tasks[task] : "nobody";
}

const struct sources *names_sources(const struct names *n)
{
    return n->sources;
}
