/* SPDX-License-Identifier: MIT */
/*
 * launch - from a box_spec to a running lab-init.
 */
#ifndef BOX_LAUNCH_H
#define BOX_LAUNCH_H

#include "box/box.h"

#include <sys/types.h>

struct launch {
    const struct box_spec *spec;
    int out; /* what the command gets as 1 and 2 */
    int err;
    int control; /* lab-init's end of the control socket */
};

/* Starts lab-init at the spec's level. The pid of the process to wait for, which is our child, or
 * -1 with a sentence. The descriptors stay the caller's. */
pid_t launch(const struct launch *l, struct buf *err);

#endif
