/* SPDX-License-Identifier: MIT */
/*
 * cgroup - a memory limit and a task limit that the kernel keeps, for one box.
 *
 *     struct cgroup *g = cgroup_create(&limits, &err);     // NULL: not on this machine, says why
 *     pid = cgroup_fork(g);                                // else fork() or vfork()
 *     in the child:  cgroup_join(g);
 *     cgroup_usage(g, &usage);
 *     cgroup_remove(g);                                    // when all its processes are gone
 *
 * Version 2 where it has the memory controller, else version 1 (also where both are mounted). The
 * group lies below a group that we may write to; with version 2 such a group may have to be emptied
 * first, which is done only in a group that is ours.
 */
#ifndef BOX_CGROUP_H
#define BOX_CGROUP_H

#include "box/box.h"

#include <sys/types.h>

struct cgroup;

struct cgroup_usage {
    size_t peak_bytes;    /* 0: not known */
    unsigned memory_hits; /* processes killed for memory */
    unsigned task_hits;   /* forks and threads refused */
};

struct cgroup *cgroup_create(size_t memory_bytes, unsigned tasks, struct buf *err);

/* fork() into the group; -1 where that cannot be done: with version 1, before Linux 5.7, or where a
 * filter keeps clone3() back. The child may do what is safe between fork and exec, and no more. */
pid_t cgroup_fork(struct cgroup *g);

/* Moves the calling process, a child of ours with one thread, unless it was born there. */
int cgroup_join(const struct cgroup *g);

void cgroup_usage(const struct cgroup *g, struct cgroup_usage *ret);
void cgroup_remove(struct cgroup *g);

#endif
