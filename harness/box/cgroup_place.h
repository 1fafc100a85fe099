/* SPDX-License-Identifier: MIT */
/*
 * cgroup_place - the directory below which groups with a memory and a task limit can be made.
 */
#ifndef BOX_CGROUP_PLACE_H
#define BOX_CGROUP_PLACE_H

#include "base/buf.h"

#define CGROUP_PREFIX "interleave-"

struct cgroup_place {
    int version;
    char *memory;
    char *pids; /* version 1 only */
};

#define CGROUP_PLACE_EMPTY ((struct cgroup_place){0})

/* Looks once in each process, and remembers. -1 with a sentence that says what is in the way. */
int cgroup_find_place(struct cgroup_place *ret, struct buf *err);

void cgroup_place_release(struct cgroup_place *p);

/* For tests: the same with other files in the place of /proc/self/cgroup and /proc/self/mountinfo.
 */
int cgroup_find_place_in(
    const char *groups, const char *mounts, struct cgroup_place *ret, struct buf *err);

#endif
