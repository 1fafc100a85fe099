/* SPDX-License-Identifier: MIT */
/*
 * blocks - names for heap memory. A block is called what the line that asked for it calls it:
 *
 *     struct queue *queue = malloc(sizeof(*queue));      →  queue->count, queue->lock
 *     queue->items = calloc(capacity, sizeof(long));     →  queue->items[3]
 *     node = malloc(sizeof(*node));   (several times)    →  node#1->next, node#2->next
 *     return malloc(n);                                  →  block from make(), list.c:31, +16
 */
#ifndef EXPLAIN_BLOCKS_H
#define EXPLAIN_BLOCKS_H

#include "explain/debug.h"
#include "explain/names.h"

struct blocks;

struct blocks *blocks_open(
    const struct explain_trace *t, const struct debug *d, struct lines *l, const struct sources *s);
void blocks_close(struct blocks *b);

/* The block that covers an address in the private memory of a process at the time of an event: one
 * that is alive, or else the last one that was freed; -1: none. */
int blocks_find(const struct blocks *b, uint32_t event, uint64_t address, unsigned process);

/* Its own name, and the name and type of a part. */
void blocks_name(const struct blocks *b, int block, struct buf *out);
void blocks_part(const struct blocks *b, int block, uint64_t offset, uint64_t size,
    struct buf *name, struct thing *ret);

#endif
