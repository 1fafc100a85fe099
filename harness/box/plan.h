/* SPDX-License-Identifier: MIT */
/*
 * plan - writes the plan for lab-init (init/plan.h) as a memfd.
 */
#ifndef BOX_PLAN_H
#define BOX_PLAN_H

#include "box/launch.h"

/* A close-on-exec memfd that the caller closes, or -1. `fds`: how many descriptors the command may
 * keep, counted from 0. */
int plan_write(const struct launch *l, int fds, struct buf *err);

#endif
