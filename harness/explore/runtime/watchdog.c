/* SPDX-License-Identifier: MIT */
#include "explore/runtime/watchdog.h"

#include "explore/runtime/spying.h"
#include "explore/runtime/world.h"
#include "explore/runtime/wrap.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { STUCK_TICKS = 30 };

extern long __real_syscall(long number, ...);
extern int __real_clock_gettime(clockid_t clock, struct timespec *ret);

static uint64_t cpu_ms_of(pid_t pid)
{
    struct timespec used;
    clockid_t clock;

    if (clock_getcpuclockid(pid, &clock) || __real_clock_gettime(clock, &used))
        return 0;
    return (uint64_t)used.tv_sec * 1000 + (uint64_t)used.tv_nsec / 1000000;
}

static pid_t running_process(pid_t child)
{
    int32_t task = world->running;
    int process = task >= 0 && task < TRACE_TASKS ? world->tasks[task].process : 0;

    return process > 0 && process < TRACE_TASKS ? world->processes[process].real_pid : child;
}

/* The letter of a thread's state, as `ps` shows it. No stdio: the zygote's heap is what all
 * executions begin with, and has to stay as it is. */
static char state_of(pid_t pid, const char *thread)
{
    char path[64], text[256] = "";
    const char *end;
    int fd;

    snprintf(path, sizeof(path), "/proc/%d/task/%.16s/stat", (int)pid, thread);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || __real_read(fd, text, sizeof(text) - 1) < 0)
        text[0] = '\0';
    if (fd >= 0)
        close(fd);
    end = strrchr(text, ')');
    return end && end[1] ? end[2] : 'S';
}

/* Does any thread of the process wait for a CPU, or for a disk? Where /proc is hidden: no. */
static bool wants_to_run(pid_t pid)
{
    static char entries[8192];
    char path[64];
    bool some = false;
    long length;
    int fd;

    snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
    fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    length = fd < 0 ? 0 : __real_syscall(SYS_getdents64, fd, entries, sizeof(entries));
    for (long at = 0; at < length && !some;) {
        const struct dirent64 *e = (const struct dirent64 *)(entries + at);

        some = e->d_name[0] != '.' && state_of(pid, e->d_name) != 'S';
        at += e->d_reclen;
    }
    if (fd >= 0)
        close(fd);
    return some;
}

/* On a machine that is overloaded a program may have to wait for seconds without being stuck. */
static bool is_stuck(const struct watchdog *dog, pid_t child)
{
    if (dog->idle_ticks <= STUCK_TICKS || dog->idle_ticks % STUCK_TICKS)
        return false;
    for (uint32_t p = 1; p < world->n_processes && p < TRACE_TASKS; p++)
        if (world->processes[p].state == PROCESS_RUNS && wants_to_run(world->processes[p].real_pid))
            return false;
    return !wants_to_run(child);
}

enum trace_end watchdog_look(struct watchdog *dog, pid_t child)
{
    uint64_t cpu = cpu_ms_of(running_process(child));

    if (arena->plan.pause_at)
        return END_NONE; /* a person looks, which may take an hour */
    if (arena->result.n_events != dog->events || cpu < dog->cpu_ms) {
        *dog = (struct watchdog){arena->result.n_events, cpu, cpu, 0};
        return END_NONE;
    }
    dog->idle_ticks = cpu == dog->last_cpu_ms ? dog->idle_ticks + 1 : 0;
    dog->last_cpu_ms = cpu;
    if (cpu - dog->cpu_ms > arena->plan.cpu_ms)
        return END_CPU;
    return is_stuck(dog, child) ? END_STUCK : END_NONE;
}
