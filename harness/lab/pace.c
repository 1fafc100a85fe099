/* SPDX-License-Identifier: MIT */
#include "lab/pace.h"

#include "base/io.h"

#include <stdbool.h>
#include <stdio.h>

enum { FIELDS = 8, IDLE = 3, IOWAIT = 4 };

/* "cpu user nice system idle iowait irq softirq steal", since boot, all cores together. */
static bool look(unsigned long long *ret_idle, unsigned long long *ret_total)
{
    unsigned long long v[FIELDS] = {0};
    FILE *f = fopen("/proc/stat", "re");
    bool ok = f && fscanf(f, "cpu %llu %llu %llu %llu %llu %llu %llu %llu", &v[0], &v[1], &v[2],
                       &v[3], &v[4], &v[5], &v[6], &v[7]) == FIELDS;

    if (f)
        fclose(f);
    *ret_idle = v[IDLE] + v[IOWAIT];
    *ret_total = 0;
    for (int i = 0; i < FIELDS; i++)
        *ret_total += v[i];
    return ok;
}

struct pace pace_begin(unsigned least, unsigned most)
{
    struct pace p = {.least = least, .most = most, .jobs = least, .looked_ms = io_now_ms()};

    look(&p.idle, &p.total);
    return p;
}

unsigned pace_step(const struct pace *p, double idle)
{
    double cores_idle = idle * p->least;

    if (cores_idle > 0.1 && p->jobs < p->most)
        return p->jobs + 1;
    if (cores_idle < 0.01 && p->jobs > p->least)
        return p->jobs - 1;
    return p->jobs;
}

unsigned pace_jobs(struct pace *p)
{
    unsigned long long idle, total;
    long long now = io_now_ms();

    if (p->most == p->least || now - p->looked_ms < PACE_LOOK_MS)
        return p->jobs;
    p->looked_ms = now;
    if (!look(&idle, &total) || total <= p->total)
        return p->jobs;
    p->jobs = pace_step(p, (double)(idle - p->idle) / (double)(total - p->total));
    p->idle = idle;
    p->total = total;
    return p->jobs;
}
