/* SPDX-License-Identifier: MIT */
/*
 * names - what a person calls the things in a trace: places in memory, values, lines, threads.
 *
 *     struct names *n = names_open(&trace, &source, &err);
 *     struct thing x;
 *     names_place(n, event, &op->place[0], op->flags & OPF_MEMORY, &x);   // x.name: "queue->count"
 *     names_close(n);
 *
 * A global has its name; a local has its own, whatever frame of whatever thread it lives in; a heap
 * block has the name of the variable that malloc()'s result went to, where that can be read off the
 * line, and else the place that asked for it. Parts have paths: `counter.value`, `seen[3]`.
 * Nothing here fails: what has no name is called by its address.
 */
#ifndef EXPLAIN_NAMES_H
#define EXPLAIN_NAMES_H

#include "base/lines.h"
#include "explain/explain.h"
#include "explain/sources.h"

#include <elfutils/libdw.h>

enum { THING_NAME = 96 };

struct names;

struct thing {
    char name[THING_NAME];
    bool typed;
    Dwarf_Die type; /* of the part that is named, when `typed` */
    int block;      /* index of its heap block, -1: not on the heap */
};

struct names *names_open(
    const struct explain_trace *t, const struct explain_source *source, struct buf *err);
void names_close(struct names *n);

/* What is at a place at the time of an event (any number of events: at the end). */
void names_place(struct names *n, uint32_t event, const struct trace_place *place, bool is_memory,
    struct thing *ret);

/* A value of a thing as C writes it; a pointer to something with a name as `&name`. */
void names_value(struct names *n, uint32_t event, const struct thing *thing, uint64_t raw,
    uint32_t size, struct buf *out);

/* The line of a call or access, by its return address. False when it is not in code with lines. */
bool names_where(struct names *n, uint64_t return_pc, struct place *ret);

/* Name of the function at an address; NULL: unknown. */
const char *names_function(struct names *n, uint64_t address);

/* "thread 2", "main", "process 1"; or the name that the program gave. */
const char *names_task(const struct names *n, int task);

const struct sources *names_sources(const struct names *n);

#endif
