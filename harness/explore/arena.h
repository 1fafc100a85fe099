/* SPDX-License-Identifier: MIT */
/*
 * arena - the search's end of the shared memory of trace.h: making it, and copying out of it what
 * can be trusted to be well-formed (though not to be true).
 */
#ifndef EXPLORE_ARENA_H
#define EXPLORE_ARENA_H

#include "base/buf.h"
#include "explore/trace.h"

/* Maps a fresh arena; `*ret_fd` is close-on-exec and owned by the caller. NULL on failure. */
struct trace_arena *arena_create(int *ret_fd, struct buf *err);

void arena_destroy(struct trace_arena *a, int fd);

/* Copies the result with its events, tasks and findings; clamps counts and indices. */
void arena_copy(struct trace_arena *to, const struct trace_arena *from);

/* After arena_copy(): the call frames and heap blocks as well. */
void arena_copy_details(struct trace_arena *to, const struct trace_arena *from);

#endif
