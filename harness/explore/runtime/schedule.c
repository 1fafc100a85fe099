/* SPDX-License-Identifier: MIT */
/*
 * schedule - the heart of the runtime. Every task stops before each of its visible operations with
 * that operation published in `pending`; so at each choice the whole picture is known: who could do
 * what. The task that holds the baton chooses: by the plan's prefix as long as there is one, by the
 * plan's policy afterwards.
 */
#include "explore/runtime/world.h"

#include <string.h>

struct world *world;
struct trace_arena *arena;
_Thread_local struct task *me;

struct trace_op op_make(enum trace_kind kind, const void *pc)
{
    return (struct trace_op){
        .kind = (uint8_t)kind, .other = NO_TASK, .frame = me->frame, .pc = (uint64_t)(uintptr_t)pc};
}

struct trace_op op_on(enum trace_kind kind, const void *pc, const struct object *o)
{
    struct trace_op op = op_make(kind, pc);

    op.place[0] = o->place;
    op.place[0].writes = 1;
    return op;
}

/* Who could go on: truly, or only by a spurious wake-up. */
static void look_around(void)
{
    world->enabled = (struct task_set){{0}};
    world->may_wake = (struct task_set){{0}};
    for (unsigned i = 0; i < world->n_tasks; i++) {
        const struct task *t = &world->tasks[i];

        if (t->state != TRACE_TASK_PENDING)
            continue;
        if (is_enabled(t))
            task_set_add(&world->enabled, i);
        else if (may_wake_spuriously(t))
            task_set_add(&world->may_wake, i);
    }
}

static bool can_go(unsigned task)
{
    return task_set_has(&world->enabled, task) || task_set_has(&world->may_wake, task);
}

/* The next entry of the prefix, or NO_TASK when the prefix has nothing to say here. */
static int follow_prefix(bool is_choice)
{
    const struct trace_plan *plan = &arena->plan;

    if (!is_choice && !(plan->flags & PLAN_BY_STEP))
        return NO_TASK;
    while (world->prefix_at < plan->n_prefix) {
        unsigned task = plan->prefix[world->prefix_at++];

        if (task < world->n_tasks && can_go(task)) {
            arena->result.used_prefix++;
            if (world->prefix_at == plan->n_prefix)
                world->sleep = plan->sleep;
            return (int)task;
        }
        if (!(plan->flags & PLAN_TOLERANT))
            finish(END_DIVERGED, (int)world->prefix_at, "task %u cannot go on at choice %u", task,
                world->prefix_at);
    }
    return NO_TASK;
}

/* After the prefix: the policy, among those that sleep sets do not exclude. A spurious wake-up is
 * tried now and then by the random policies only. */
static int follow_policy(void)
{
    struct task_set candidates = world->enabled;

    for (size_t i = 0; i < sizeof(candidates.bits) / sizeof(candidates.bits[0]); i++)
        candidates.bits[i] &= ~world->sleep.bits[i];
    if (task_set_empty(&candidates))
        finish(END_PRUNED, 0, "every continuation is explored elsewhere");
    if (arena->plan.policy != POLICY_STAY && !task_set_empty(&world->may_wake) &&
        random_below(16) == 0)
        return task_set_first(&world->may_wake);
    if (arena->plan.n_steers)
        steer_filter(&candidates);
    if (task_set_count(&candidates) == 1)
        return task_set_first(&candidates);
    return policy_choose(&candidates);
}

static uint16_t flags_of_choice(int chosen, bool is_choice)
{
    uint16_t flags = is_choice ? EVENT_CHOICE : 0;

    if (chosen == policy_stay(&world->enabled))
        flags |= EVENT_DEFAULT;

    if (chosen != world->running && task_set_has(&world->enabled, (unsigned)world->running))
        flags |= EVENT_PREEMPTS;
    if (!task_set_has(&world->enabled, (unsigned)chosen))
        flags |= EVENT_SPURIOUS;
    return flags;
}

static int choose(void)
{
    bool is_choice;
    int chosen;

    look_around();
    while (task_set_empty(&world->enabled)) {
        unblock();
        look_around();
    }
    is_choice = task_set_count(&world->enabled) + task_set_count(&world->may_wake) > 1;
    chosen = arena->plan.flags & PLAN_MOVES ? follow_moves() : follow_prefix(is_choice);
    if (chosen == NO_TASK)
        chosen = is_choice ? follow_policy() : task_set_first(&world->enabled);
    if (!is_choice && task_set_has(&world->sleep, (unsigned)chosen))
        finish(END_PRUNED, 0, "every continuation is explored elsewhere");
    world->event_flags = flags_of_choice(chosen, is_choice);
    world->chooser = (uint16_t)world->running;
    return chosen;
}

/* Sleep sets: an operation wakes every sleeping task whose own operation depends on it. */
static void wake_sleepers(const struct trace_op *op, unsigned task)
{
    struct task_set asleep = world->sleep;

    task_set_remove(&world->sleep, task);
    while (!task_set_empty(&asleep)) {
        int i = task_set_first(&asleep);

        task_set_remove(&asleep, (unsigned)i);
        if (ops_depend(op, &world->tasks[i].pending))
            task_set_remove(&world->sleep, (unsigned)i);
    }
}

static void count_step(void)
{
    struct trace_result *r = &arena->result;

    if (world->event_flags & EVENT_CHOICE)
        r->n_choices++;
    if (world->event_flags & EVENT_PREEMPTS)
        r->preemptions++;
    if (++world->steps > arena->plan.max_steps)
        finish(END_STEPS, 0, "more than %u visible operations", arena->plan.max_steps);
}

/* The calling task was chosen: its operation happens now. */
static struct trace_event *execute(void)
{
    struct trace_event *e;

    pause_for_debugger();
    me->state = TRACE_TASK_RUNNING;
    me->spurious = (world->event_flags & EVENT_SPURIOUS) != 0;
    count_step();
    e = log_event(me, &me->pending);
    e->flags = world->event_flags;
    e->ran = world->chooser;
    e->enabled = world->enabled;
    for (size_t i = 0; i < sizeof(e->enabled.bits) / sizeof(e->enabled.bits[0]); i++)
        e->enabled.bits[i] |= world->may_wake.bits[i];
    e->sleeping = world->sleep;
    wake_sleepers(&me->pending, (unsigned)me->id);
    policy_executed(&me->pending);
    if (arena->plan.n_steers)
        steer_executed(&me->pending);
    return e;
}

struct trace_event *step(const struct trace_op *op)
{
    int next;

    settle();
    me->worked = me->clock[me->id];
    me->pending = *op;
    me->state = TRACE_TASK_PENDING;
    policy_published(me);
    if (me->starter != NO_TASK) {
        struct task *starter = &world->tasks[me->starter];

        me->starter = NO_TASK;
        baton_pass(starter);
    } else if ((next = choose()) != me->id) {
        baton_pass(&world->tasks[next]);
    }
    return execute();
}

struct trace_event *note(const struct trace_op *op)
{
    struct trace_event *e;

    settle();
    pause_for_debugger();
    e = log_event(me, op);
    e->flags = EVENT_NOTE;
    e->ran = e->task;
    task_set_add(&e->enabled, (unsigned)me->id);
    wake_sleepers(op, (unsigned)me->id);
    return e;
}

/* A task that ends before its first operation gives the baton back to the one that made it; or, if
 * that has ended with it, to who made that one. */
static struct task *heir(void)
{
    for (const struct task *t = me; t->starter != NO_TASK; t = &world->tasks[t->starter])
        if (world->tasks[t->starter].state < TRACE_TASK_ENDED)
            return &world->tasks[t->starter];
    return &world->tasks[choose()];
}

void leave_process(void)
{
    baton_give(heir());
}

void leave(void)
{
    settle();
    for (;;)
        baton_pass(heir()); /* never comes back: the task ends with its process */
}
