/* SPDX-License-Identifier: MIT */
/*
 * unblock - nothing is enabled: what a real machine would do now, in this order. Time goes by, as
 * far as the next deadline. A rendezvous that nobody else can reach is broken. Tasks that spin look
 * once more, in case their loop has a bound. When none of that applies it is a deadlock.
 */
#include "explore/runtime/world.h"

enum { IDLE_ROUNDS = 40, IDLE_ROUNDS_UNPROVEN = 4000 };

static bool waits_for_time(const struct task *t)
{
    return t->state == TRACE_TASK_PENDING && t->deadline != NEVER && !t->timed_out;
}

void time_goes_by(uint64_t until)
{
    if (world->now < until)
        world->now = until;
    for (uint32_t i = 0; i < world->n_tasks; i++)
        if (waits_for_time(&world->tasks[i]) && world->tasks[i].deadline <= world->now)
            world->tasks[i].timed_out = 1;
}

static bool time_passes(void)
{
    uint64_t next = NEVER;

    for (uint32_t i = 0; i < world->n_tasks; i++)
        if (waits_for_time(&world->tasks[i]) && world->tasks[i].deadline < next)
            next = world->tasks[i].deadline;
    if (next == NEVER)
        return false;
    time_goes_by(next);
    arena->result.time_passed++;
    return true;
}

static bool meetings_break(void)
{
    bool some = false;

    for (uint32_t i = 0; i < world->n_tasks; i++) {
        struct task *t = &world->tasks[i];

        if (t->state != TRACE_TASK_PENDING || t->pending.kind != OP_MEET || t->woken)
            continue;
        t->woken = 1;
        t->object->generation = 2;
        some = true;
    }
    return some;
}

static bool spinning_tasks_look_again(void)
{
    bool some = false, proven = true;

    for (uint32_t i = 0; i < world->n_tasks; i++) {
        struct task *t = &world->tasks[i];

        if (t->state != TRACE_TASK_PENDING || !(t->pending.flags & OPF_SPINNING))
            continue;
        t->look_again = 1;
        some = true;
        proven = proven && !(t->pending.flags & OPF_UNPROVEN);
    }
    if (some && ++world->idle_rounds > (proven ? IDLE_ROUNDS : IDLE_ROUNDS_UNPROVEN))
        finish(END_LIVELOCK, 0, "tasks spin, and nobody can change what they look at");
    return some;
}

void unblock(void)
{
    if (!time_passes() && !meetings_break() && !spinning_tasks_look_again())
        finish(END_DEADLOCK, 0, "every task waits and none can wake another");
}
