/* SPDX-License-Identifier: MIT */
/*
 * moves - schedules that a person can write down: one entry for each *move*, which is an access to
 * memory that tasks share. Nothing else needs an entry: creating, joining and ending, locks and
 * waits are done as soon as they can be, by the task with the lowest number; and who is alone needs
 * nobody's permission. So "1,2,1,2" drives two threads that add 1 to a counter through read, read,
 * write, write, whatever else the program does around it.
 *
 * The list has to fit exactly. A move for a task that has none, and a list that ends too early, end
 * the execution; entries left over are seen by whoever replays.
 */
#include "explore/runtime/world.h"

static bool is_move(const struct task *t)
{
    return t->pending.flags & OPF_MEMORY;
}

int follow_moves(void)
{
    const struct trace_plan *plan = &arena->plan;
    unsigned task;

    for (unsigned i = 0; i < world->n_tasks; i++)
        if (task_set_has(&world->enabled, i) && (!is_move(&world->tasks[i]) || world->alive == 1))
            return (int)i;
    if (world->prefix_at == plan->n_prefix)
        finish(END_DIVERGED, (int)world->prefix_at,
            "the list of moves ends after %u, but task %d still has one to make", world->prefix_at,
            task_set_first(&world->enabled));
    task = plan->prefix[world->prefix_at++];
    if (task >= world->n_tasks || !task_set_has(&world->enabled, task))
        finish(END_DIVERGED, (int)world->prefix_at, "move %u is of task %u, which has none to make",
            world->prefix_at, task);
    arena->result.used_prefix++;
    return (int)task;
}
