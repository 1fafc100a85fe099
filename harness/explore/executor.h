/* SPDX-License-Identifier: MIT */
/*
 * executor - one program under exploration: its zygote in a box, and one execution of it after the
 * other.
 *
 *     struct executor *r = executor_start(program, cpu, &err);
 *     struct trace_plan *plan = executor_plan(r);        // fill in
 *     const struct execution *x = executor_run(r, &err); // NULL: *we* failed
 *     … x is valid until the next run …
 *     executor_stop(r);
 *
 * An execution is a copy of what the program's side wrote, with every count and index checked; the
 * strings end. A program that destroys its zygote gets a new one, and an execution that ended as
 * END_NONE; executor_run() gives up when that happens again and again.
 */
#ifndef EXPLORE_EXECUTOR_H
#define EXPLORE_EXECUTOR_H

#include "base/board.h"
#include "explore/explore.h"
#include "explore/trace.h"

struct execution {
    const struct trace_result *result;
    const struct trace_event *events;
    const struct trace_task *tasks;
    const struct trace_finding *findings;
    const struct trace_watch *found;
    const struct trace_frame *frames; /* after executor_fetch() */
    const struct trace_block *blocks; /* after executor_fetch() */
    const struct board *board;        /* NULL: a program with a main() of its own */
    enum board_stage stage;
    bool lost; /* its zygote was ended with it, and what it had noted is gone */
};

struct executor;

/* `cpu`: where the program is pinned. */
struct executor *executor_start(const struct explore_program *p, int cpu, struct buf *err);

/* The plan of the next execution, as the last one left it. */
struct trace_plan *executor_plan(struct executor *r);

/* `look` is called when an execution stands before the event `pause_at` of its plan, with the
 * system's id of its process; afterwards the execution goes on. */
void executor_on_pause(struct executor *r, void (*look)(void *arg, int pid), void *arg);

const struct execution *executor_run(struct executor *r, struct buf *err);

/* The same in two halves, for those that have several executors: -1 when we failed. */
int executor_begin(struct executor *r, struct buf *err);
bool executor_is_done(const struct executor *r);
const struct execution *executor_end(struct executor *r, struct buf *err);

/* From the next execution on the program runs on that CPU. */
void executor_move(struct executor *r, int cpu);

/* A copy that outlives the next run, without frames and blocks; of the board no more than an
 * outcome needs. */
struct execution *execution_keep(const struct execution *x);
void execution_drop(struct execution *k);

/* Copies frames and blocks of the last execution, too. */
void executor_fetch(struct executor *r);

/* Text that the program printed in executions with PLAN_KEEP_OUTPUT; only after executor_stop(). */
void executor_stop(struct executor *r);

#endif
