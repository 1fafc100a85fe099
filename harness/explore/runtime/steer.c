/* SPDX-License-Identifier: MIT */
/*
 * steer - proactive reads-from scheduling, after Wolff, Shi, Duck, Mathur, Roychoudhury: Greybox
 * Fuzzing for Concurrency Testing (ASPLOS'24). A steer wants one read to see what one instruction
 * wrote (or the first value). The read is held until that write is the last one; then other writes
 * to the same memory are held until the read has happened.
 *
 * The simpler kind holds tasks at one place in the code until nobody else can go on: in between two
 * of its steps, a task is overtaken by all others.
 *
 * When everybody who could go on is held, the steers are given up: they are a wish, never a
 * constraint on what is possible.
 */
#include "explore/runtime/world.h"

static bool touches(const struct trace_op *op, uint64_t unit)
{
    uint64_t address = op->place[0].address;

    return op->flags & OPF_MEMORY && address / 8 <= unit &&
           (address + op->place[0].size - 1) / 8 >= unit;
}

/* `*holds` is the one task that may be held, + 1; 0: there is none yet. */
static bool is_held_there(const struct task *t, const struct trace_steer *s, uint64_t *holds)
{
    if (t->pending.pc != s->read_pc)
        return false;
    if (!s->write_pc)
        return true;
    if (!*holds)
        *holds = (uint64_t)t->id + 1;
    return *holds == (uint64_t)t->id + 1;
}

static bool is_held(const struct task *t, const struct trace_steer *s, uint64_t *writer_or_held)
{
    const struct trace_op *op = &t->pending;
    uint64_t writer = *writer_or_held;

    if (s->unit == STEER_HOLD)
        return is_held_there(t, s, writer_or_held);
    if (!touches(op, s->unit))
        return false;
    if (op->pc == s->read_pc)
        return writer != s->write_pc;
    return op->place[0].writes && writer == s->write_pc;
}

void steer_filter(struct task_set *candidates)
{
    const struct trace_plan *plan = &arena->plan;
    struct task_set free_tasks = *candidates;

    for (uint32_t s = 0; s < plan->n_steers && s < TRACE_STEERS; s++)
        for (uint32_t i = 0; i < world->n_tasks && !(world->steer_done >> s & 1); i++)
            if (task_set_has(&free_tasks, i) &&
                is_held(&world->tasks[i], &plan->steers[s], &world->steer_writer[s]))
                task_set_remove(&free_tasks, i);
    if (task_set_empty(&free_tasks))
        world->steer_done = UINT32_MAX;
    else
        *candidates = free_tasks;
}

void steer_executed(const struct trace_op *op)
{
    const struct trace_plan *plan = &arena->plan;

    for (uint32_t s = 0; s < plan->n_steers && s < TRACE_STEERS; s++) {
        if (!touches(op, plan->steers[s].unit))
            continue;
        if (op->pc == plan->steers[s].read_pc)
            world->steer_done |= 1u << s;
        if (op->place[0].writes)
            world->steer_writer[s] = op->pc;
    }
}
