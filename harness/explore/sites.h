/* SPDX-License-Identifier: MIT */
/*
 * sites - where the things happened that an execution found: findings with file and line, and the
 * sentence for those ends that concern several tasks (deadlock, livelock).
 */
#ifndef EXPLORE_SITES_H
#define EXPLORE_SITES_H

#include "base/lines.h"
#include "explore/executor.h"

/* "thread 2", "process 1", "the main thread" */
void sites_name_task(const struct execution *x, int task, struct buf *ret);

/* Adds findings to the outcome of this execution. `lines` may be NULL: no places then. */
void sites_tell(const struct execution *x, struct lines *lines, struct outcome *o);

#endif
