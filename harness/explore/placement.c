/* SPDX-License-Identifier: MIT */
#include "explore/placement.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

static bool pin(int cpu)
{
    cpu_set_t one;

    CPU_ZERO(&one);
    CPU_SET((unsigned)cpu, &one);
    return sched_setaffinity(0, sizeof(one), &one) == 0;
}

void placement_pin(struct placement *p)
{
    int cpu = sched_getcpu();

    *p = (struct placement){.cpu = -1};
    if (cpu >= 0 && !sched_getaffinity(0, sizeof(p->before), &p->before) && pin(cpu))
        p->cpu = cpu;
}

void placement_undo(const struct placement *p)
{
    if (p->cpu >= 0)
        sched_setaffinity(0, sizeof(p->before), &p->before);
}

int placement_next(const struct placement *p, int n)
{
    int cpu = p->cpu;

    while (cpu >= 0 && n > 0) {
        cpu = (cpu + 1) % CPU_SETSIZE;
        n -= CPU_ISSET((unsigned)cpu, &p->before) ? 1 : 0;
    }
    return cpu;
}

/* Time that the calling thread was ready to run and did not. */
static uint64_t waited_ns(void)
{
    FILE *f = fopen("/proc/thread-self/schedstat", "re");
    unsigned long long ran = 0, waited = 0;

    if (f && fscanf(f, "%llu %llu", &ran, &waited) != 2)
        waited = 0;
    if (f)
        fclose(f);
    return waited;
}

/* Of each CPU the time that it was idle, in 1/100 s. */
static void read_idle(uint64_t idle[PLACEMENT_CPUS])
{
    FILE *f = fopen("/proc/stat", "re");
    char line[512];

    while (f && fgets(line, sizeof(line), f)) {
        unsigned long long user, nice_time, system_time, idle_time;
        unsigned cpu;

        if (sscanf(line, "cpu%u %llu %llu %llu %llu", &cpu, &user, &nice_time, &system_time,
                &idle_time) == 5 &&
            cpu < PLACEMENT_CPUS)
            idle[cpu] = idle_time;
    }
    if (f)
        fclose(f);
}

/* The CPU that was idle for most of the time since the last look; -1: there is none. */
static int find_idle(struct placement *p, uint64_t passed_ns)
{
    uint64_t idle[PLACEMENT_CPUS] = {0}, most = passed_ns / 10000000 / 2 + 1;
    int best = -1;

    read_idle(idle);
    for (int i = 0; i < PLACEMENT_CPUS; i++) {
        uint64_t gained = idle[i] - p->idle[i];

        if (i != p->cpu && CPU_ISSET((unsigned)i, &p->before) && gained >= most) {
            most = gained;
            best = i;
        }
        p->idle[i] = idle[i];
    }
    return best;
}

bool placement_look(struct placement *p)
{
    struct timespec t;
    uint64_t now, waited, passed;
    bool is_first = !p->looked_at_ns, is_crowded;
    int cpu;

    if (p->cpu < 0)
        return false;
    clock_gettime(CLOCK_MONOTONIC, &t);
    now = (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
    waited = waited_ns();
    passed = now - p->looked_at_ns;
    is_crowded = !is_first && waited - p->waited_ns > passed / 4;
    p->looked_at_ns = now;
    p->waited_ns = waited;
    cpu = find_idle(p, passed);
    /* Two that see the same idle CPU should not both go there. */
    if (!is_crowded || cpu < 0 || ((now >> 12) + (uint64_t)getpid()) % 2 || !pin(cpu))
        return false;
    p->cpu = cpu;
    return true;
}
