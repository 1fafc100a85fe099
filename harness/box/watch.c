/* SPDX-License-Identifier: MIT */
#include "box/watch.h"

#include "base/io.h"
#include "box/procs.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Short at first, so that a bomb is seen early. Where the kernel keeps the limits on memory and
 * tasks, or nobody makes bombs (a compiler), there is no hurry later. */
enum { FIRST_MS = 5, INTERVAL_MS = 20, EASY_MS = 100, CEILING = 10 };

struct watch {
    struct box_limits limits;
    bool (*on_quiet)(void *arg);
    void *quiet_arg;
    struct procs *procs;
    const struct cgroup *cgroup; /* NULL: none, memory is polled */
    bool has_end;
    enum box_end end;

    long long armed_ms;
    long long last_ms; /* of the last sample */
    long long interval_ms, longest_ms;
    struct procs_sample last;
    uint64_t cpu_base_us;
    long long asleep_ms;
    long long quiet_ms;
    size_t peak;
    size_t shared_bytes; /* resident that turned out to be counted more than once */
    unsigned peak_tasks;
};

struct watch *watch_open(const struct box_spec *spec, const struct launch *launch)
{
    struct watch *w = xcalloc(1, sizeof(*w));

    w->limits = spec->limits;
    w->on_quiet = spec->on_quiet;
    w->quiet_arg = spec->quiet_arg;
    w->cgroup = launch->cgroup;
    w->procs = procs_open(launch->pid, launch->supervisors);
    w->armed_ms = w->last_ms = io_now_ms();
    w->interval_ms = FIRST_MS;
    w->longest_ms = w->cgroup || (spec->compiler && spec->level == BOX_LIMITS) ? EASY_MS
                                                                               : INTERVAL_MS;
    return w;
}

/* Until the next sample: at the latest when it will be time to ask whether all is quiet. */
static long long pause_ms(const struct watch *w)
{
    long long left = (long long)w->limits.quiet_ms - w->quiet_ms;

    return w->quiet_ms && left > 0 && left < w->interval_ms ? left : w->interval_ms;
}

long long watch_next_ms(const struct watch *w)
{
    return w->last_ms + pause_ms(w);
}

void watch_end(struct watch *w, enum box_end end)
{
    if (w->has_end)
        return;
    w->has_end = true;
    w->end = end;
}

bool watch_has_end(const struct watch *w)
{
    return w->has_end;
}

void watch_rearm(struct watch *w)
{
    w->armed_ms = io_now_ms();
    w->cpu_base_us = w->last.cpu_us;
    w->asleep_ms = w->quiet_ms = 0;
}

unsigned watch_cpu_ms(const struct watch *w)
{
    return (unsigned)(w->last.cpu_us / 1000);
}

/* Resident pages that forked processes share are counted once for each of them: before that ends a
 * box, they are counted properly, which is slow and is not done again for the same amount. */
static bool over_memory(struct watch *w, const struct procs_sample *s)
{
    size_t limit = w->limits.memory_bytes, real;

    if (s->resident > w->peak + w->shared_bytes)
        w->peak = s->resident - w->shared_bytes;
    if (w->cgroup || !limit || s->resident <= limit + w->shared_bytes)
        return false;
    real = s->processes > 1 ? procs_proportional(w->procs) : s->resident;
    if (real > limit)
        return true;
    w->shared_bytes = s->resident - real;
    w->peak = real;
    return false;
}

static void move_clocks(struct watch *w, const struct procs_sample *s, long long elapsed_ms)
{
    bool still = !s->runnable && s->activity == w->last.activity && s->cpu_us == w->last.cpu_us;

    if (!s->runnable)
        w->asleep_ms += elapsed_ms;
    w->quiet_ms = still ? w->quiet_ms + elapsed_ms : 0;
}

static void ask_whether_quiet(struct watch *w)
{
    if (!w->limits.quiet_ms || w->quiet_ms < w->limits.quiet_ms || !w->on_quiet)
        return;
    w->quiet_ms = 0; /* asked again after the same time */
    if (w->on_quiet(w->quiet_arg))
        watch_end(w, BOX_QUIET);
}

/* The kernel's own counting: it sees what comes and goes between two samples. What it has refused
 * or killed explains every other end, so it goes first. */
static void ask_cgroup(struct watch *w)
{
    struct cgroup_usage u;

    if (!w->cgroup)
        return;
    cgroup_usage(w->cgroup, &u);
    if (!u.memory_hits && !u.task_hits)
        return;
    w->has_end = true;
    w->end = u.memory_hits ? BOX_MEMORY : BOX_TASKS;
}

static void check_limits(struct watch *w, const struct procs_sample *s, long long now)
{
    const struct box_limits *l = &w->limits;

    ask_cgroup(w);
    if (l->tasks && s->tasks > l->tasks)
        watch_end(w, BOX_TASKS);
    if (over_memory(w, s))
        watch_end(w, BOX_MEMORY);
    if (l->cpu_ms && s->cpu_us > w->cpu_base_us + (uint64_t)l->cpu_ms * 1000)
        watch_end(w, BOX_CPU);
    ask_whether_quiet(w);
    if (l->wall_ms &&
        (w->asleep_ms > l->wall_ms || now - w->armed_ms > (long long)l->wall_ms * CEILING))
        watch_end(w, BOX_WALL);
}

void watch_look(struct watch *w)
{
    long long now = io_now_ms(), elapsed = now - w->last_ms;
    struct procs_sample s;

    if (elapsed < pause_ms(w))
        return;
    procs_sample(w->procs, &s);
    /* When we ourselves were kept from running, so was the box, most likely: a sample stands for no
     * more than the time until it was due, and quiet takes as many of them as there should be. */
    if (elapsed > pause_ms(w))
        elapsed = pause_ms(w);
    if (s.cpu_us < w->last.cpu_us)
        s.cpu_us = w->last.cpu_us; /* a process went from alive to waited-for meanwhile */
    move_clocks(w, &s, elapsed);
    w->last = s;
    w->last_ms = now;
    if (w->interval_ms < w->longest_ms)
        w->interval_ms = 2 * w->interval_ms < w->longest_ms ? 2 * w->interval_ms : w->longest_ms;
    if (s.tasks > w->peak_tasks)
        w->peak_tasks = s.tasks;
    check_limits(w, &s, now);
}

void watch_describe(struct watch *w, struct box_result *r)
{
    uint64_t used_us = (uint64_t)(r->user_ms + r->system_ms) * 1000;

    if (w->peak > r->peak_bytes)
        r->peak_bytes = w->peak;
    if (r->end == BOX_SIGNALED && w->limits.cpu_ms &&
        (r->status == SIGKILL || r->status == SIGXCPU) &&
        used_us > w->cpu_base_us + (uint64_t)w->limits.cpu_ms * 1000)
        r->end = BOX_CPU; /* the kernel's limit came first */
    ask_cgroup(w);
    if (w->has_end)
        r->end = w->end;
}

bool watch_is_alive(struct watch *w, pid_t inside)
{
    return procs_is_alive(w->procs, inside);
}

void watch_end_orphans(struct watch *w, pid_t session)
{
    while (procs_kill_session(w->procs, session))
        usleep(1000);
}

void watch_close(struct watch *w)
{
    if (!w)
        return;
    procs_close(w->procs);
    free(w);
}
