/* SPDX-License-Identifier: MIT */
/*
 * alive - whether a process inside a box still runs, by the number that it has inside.
 *
 * A process that was killed cannot say so on the board, and one that exited without being waited
 * for stays in the table as a zombie. Both count as ended. Reads /proc of the host; meant for the
 * rare moment when a box has gone quiet, not for polling.
 */
#ifndef BOX_ALIVE_H
#define BOX_ALIVE_H

#include "box/box.h"

bool box_is_alive(const struct box *b, int pid_inside);

#endif
