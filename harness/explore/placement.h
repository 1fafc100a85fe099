/* SPDX-License-Identifier: MIT */
/*
 * placement - on which CPU a search and its program take turns. They share one, because a hand-off
 * between two costs more than it gains; and when that one turns out to be busy with others while
 * another is idle, both move there.
 */
#ifndef EXPLORE_PLACEMENT_H
#define EXPLORE_PLACEMENT_H

#include <sched.h>
#include <stdbool.h>
#include <stdint.h>

enum { PLACEMENT_CPUS = 256 };

struct placement {
    cpu_set_t before; /* where the process was allowed to run */
    int cpu;          /* -1: not pinned */
    uint64_t looked_at_ns, waited_ns;
    uint64_t idle[PLACEMENT_CPUS];
};

/* Pins the calling thread to the CPU that it is on. */
void placement_pin(struct placement *p);
void placement_undo(const struct placement *p);

/* The n-th allowed CPU after the one that is in use; -1 when nothing is pinned. */
int placement_next(const struct placement *p, int n);

/* Looks how it goes, and moves the calling thread perhaps: then true, and p->cpu is another one. */
bool placement_look(struct placement *p);

#endif
