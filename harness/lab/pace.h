/* SPDX-License-Identifier: MIT */
/*
 * pace - how many submissions are graded at once: one for each core, and some more while cores are
 * idle.
 *
 *     struct pace pace = pace_begin(cores, 2 * cores);
 *     unsigned jobs = pace_jobs(&pace);        // whenever there is room to start another one
 *
 * A submission that deadlocks, sleeps or waits for the disk uses no core for a while; with one
 * submission a core, that core would be idle. How idle the machine is says /proc/stat, every
 * PACE_LOOK_MS; work of others counts as busy, so on a shared machine nothing is added to the
 * crowd.
 */
#ifndef LAB_PACE_H
#define LAB_PACE_H

enum { PACE_LOOK_MS = 500 };

struct pace {
    unsigned least, most, jobs;
    unsigned long long idle, total; /* of /proc/stat, when it was looked at last */
    long long looked_ms;
};

struct pace pace_begin(unsigned least, unsigned most);
unsigned pace_jobs(struct pace *p);

/* One step up when a core was idle for more than a tenth of the time (`idle`: of all cores' time),
 * one down when none was. Public for its test. */
unsigned pace_step(const struct pace *p, double idle);

#endif
