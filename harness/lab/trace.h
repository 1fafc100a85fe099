/* SPDX-License-Identifier: MIT */
/*
 * trace - what lab starts, told to whoever asks: with LAB_TRACE=FILE in the environment, a line of
 * JSON for each compiler, linker and probe, and for the end of each process of lab's own.
 *
 *     {"session": 4711, "does": "compile", "cwd": "…", "argv": ["/usr/bin/gcc", …]}
 *     {"session": 4711, "does": "run", "tool": "tsan", "argv": ["…/probe"], "scenario": "count",
 * "args": "…"}
 *     {"session": 4711, "does": "end", "peak_kib": 9120}
 *
 * Lines of one session are in the order of starting. It is how tests/bench/check.sh knows what the
 * bare minimum is, and a way to do by hand what lab does. Without LAB_TRACE nothing happens. Each
 * line is one write, so sessions that run at once do not tear each other's.
 */
#ifndef LAB_TRACE_H
#define LAB_TRACE_H

#include <jansson.h>

void trace_compiler(const char *directory, const char *const *argv);

/* `argv` is NULL when the probe was started by an earlier line and serves on. `seed` and the budget
 * of schedules matter to explore only. */
struct trace_run {
    const char *tool;
    const char *const *argv;
    const char *scenario;
    const char *args;
    unsigned long long seed;
    long schedules;
    int preemptions;
    int spurious;
};
void trace_run(const struct trace_run *run);

/* Before a process of lab's own ends: the most memory that it had. */
void trace_end(void);

#endif
