/* SPDX-License-Identifier: MIT */
/*
 * watchdog - the zygote's look at an execution that has not ended, with every tick of its clock.
 * Ended is what uses CPU time without a visible operation, and what sleeps in the kernel, where the
 * schedule cannot reach it. CPU time is counted, not time, so that a busy machine changes nothing.
 */
#ifndef RUNTIME_WATCHDOG_H
#define RUNTIME_WATCHDOG_H

#include "explore/trace.h"

#include <sys/types.h>

/* Looked at with every tick: has there been a visible operation, is any CPU time used? */
struct watchdog {
    uint32_t events;
    uint64_t cpu_ms; /* when the last event was seen */
    uint64_t last_cpu_ms;
    unsigned idle_ticks;
};

/* END_NONE: let it go on. `child` is the program's first process. */
enum trace_end watchdog_look(struct watchdog *dog, pid_t child);

#endif
