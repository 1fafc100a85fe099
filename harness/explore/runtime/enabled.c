/* SPDX-License-Identifier: MIT */
/*
 * enabled - can a task execute its pending operation now? A table by kind of operation; kinds that
 * are not in it never wait.
 */
#include "explore/runtime/world.h"

static bool mutex_free(const struct object *m, const struct task *t)
{
    if (m->owner == NO_TASK)
        return true;
    /* A second lock by the owner succeeds or is refused, except where it waits for itself. */
    return m->owner == t->id &&
           (m->kind == PTHREAD_MUTEX_RECURSIVE || m->kind == PTHREAD_MUTEX_ERRORCHECK);
}

static bool lock_ready(const struct task *t)
{
    return mutex_free(t->object, t);
}

/* A token is good for those who waited before the signal. */
static bool token_for(const struct task *t)
{
    for (uint32_t i = 0; i < t->object->n_tokens; i++)
        if (t->object->tokens[i] >= t->ticket)
            return true;
    return false;
}

static bool wake_ready(const struct task *t)
{
    return (t->woken || t->timed_out || token_for(t)) && t->mutex->owner == NO_TASK;
}

static bool sem_ready(const struct task *t)
{
    return t->object->count > 0;
}

static bool read_lock_ready(const struct task *t)
{
    return t->object->owner == NO_TASK;
}

static bool write_lock_ready(const struct task *t)
{
    return t->object->owner == NO_TASK && t->object->count == 0;
}

static bool leave_ready(const struct task *t)
{
    return t->object->generation != t->ticket;
}

static bool once_ready(const struct task *t)
{
    return t->object->owner == NO_TASK;
}

static bool join_ready(const struct task *t)
{
    return world->tasks[t->pending.other].state >= TRACE_TASK_ENDED;
}

static bool sleep_ready(const struct task *t)
{
    return t->deadline == NEVER || world->now >= t->deadline;
}

static bool reap_ready(const struct task *t)
{
    bool some = false;

    for (uint32_t p = 0; p < world->n_processes; p++) {
        const struct process *child = &world->processes[p];

        if (child->parent != t->process || child->state == PROCESS_REAPED)
            continue;
        if (t->awaited > 0 && (uint32_t)t->awaited != p)
            continue;
        some = true;
        if (child->state == PROCESS_ZOMBIE)
            return true;
    }
    return !some; /* nothing to wait for: the call returns ECHILD */
}

static bool pipe_ready(const struct task *t)
{
    return t->tried != t->object->generation;
}

static bool meet_ready(const struct task *t)
{
    return t->woken;
}

static bool (*const ready[OP_KINDS])(const struct task *) = {
    [OP_LOCK] = lock_ready,
    [OP_WAKE] = wake_ready,
    [OP_SEM_WAIT] = sem_ready,
    [OP_READ_LOCK] = read_lock_ready,
    [OP_WRITE_LOCK] = write_lock_ready,
    [OP_LEAVE] = leave_ready,
    [OP_ONCE] = once_ready,
    [OP_JOIN] = join_ready,
    [OP_SLEEP] = sleep_ready,
    [OP_REAP] = reap_ready,
    [OP_PIPE_READ] = pipe_ready,
    [OP_PIPE_WRITE] = pipe_ready,
    [OP_POLL] = pipe_ready,
    [OP_MEET] = meet_ready,
};

bool is_enabled(const struct task *t)
{
    bool (*check)(const struct task *) = ready[t->pending.kind];

    if (t->pending.flags & OPF_SPINNING && !t->look_again && !spin_news(t))
        return false;
    if (!check)
        return true;
    /* A condition wait needs its mutex even when its time is over. */
    return check(t) || (t->timed_out && t->pending.kind != OP_WAKE);
}

bool may_wake_spuriously(const struct task *t)
{
    return t->pending.kind == OP_WAKE && t->object->spurious_left > 0 && t->mutex->owner == NO_TASK;
}

/* The task that holds what `t` waits for, as far as one can be named. */
int holder_of(const struct task *t)
{
    switch (t->pending.kind) {
    case OP_LOCK:
    case OP_READ_LOCK:
    case OP_WRITE_LOCK:
    case OP_ONCE:
        return t->object ? t->object->owner : NO_TASK;
    case OP_WAKE:
        return t->woken || t->timed_out || token_for(t) ? t->mutex->owner : NO_TASK;
    case OP_JOIN:
        return t->pending.other;
    default:
        return NO_TASK;
    }
}
