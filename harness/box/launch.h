/* SPDX-License-Identifier: MIT */
/*
 * launch - from a box_spec to a running lab-init, with all that is held for it meanwhile.
 *
 *     struct launch l = LAUNCH_EMPTY;
 *     l.spec = spec, l.out = …, l.err = …, l.control = …;
 *     if (launch_start(&l, &err)) …
 *     launch_release(&l);          // when the box is over
 */
#ifndef BOX_LAUNCH_H
#define BOX_LAUNCH_H

#include "box/box.h"
#include "box/cgroup.h"
#include "box/layers.h"
#include "box/slot.h"

#include <sys/types.h>

struct launch {
    const struct box_spec *spec; /* used by launch_start() only */
    int out;                     /* what the command gets as 1 and 2; the caller's */
    int err;
    int control; /* lab-init's end of the control socket; the caller's */

    pid_t pid;            /* the process to wait for, our child */
    unsigned supervisors; /* processes of ours above the command: bubblewrap, lab-init */
    struct layers layers;
    struct slot slot;
    struct cgroup *cgroup;
    char *directory; /* private and writable, where there is no /tmp of its own */
};

#define LAUNCH_EMPTY ((struct launch){.out = -1, .err = -1, .control = -1, .slot = SLOT_EMPTY})

/* -1 with a sentence when the box cannot be made as the spec wants it. */
int launch_start(struct launch *l, struct buf *err);

/* Gives back what was taken, started or not. The processes must be gone. */
void launch_release(struct launch *l);

/* The path of lab-init; NULL with a sentence when it was not built. */
const char *launch_init(struct buf *err);

#endif
