/* SPDX-License-Identifier: MIT */
/*
 * slot - a user id that one box has for itself.
 *
 *     struct slot s = SLOT_EMPTY;
 *     if (slot_take(&s, &err)) …
 *     slot_release(&s);
 *
 * Only root has any to give. The ids lie between those that Debian gives to people and those that
 * systemd gives to services. A slot is held by a lock on one byte of a file: it is free again as
 * soon as `lab` is gone, however it went.
 */
#ifndef BOX_SLOT_H
#define BOX_SLOT_H

#include "base/buf.h"

#include <sys/types.h>

enum { SLOT_FIRST = 60800, SLOT_COUNT = 256 };

struct slot {
    uid_t user; /* and group; 0: none */
    int lock;
};

#define SLOT_EMPTY ((struct slot){.lock = -1})

int slot_take(struct slot *s, struct buf *err);
void slot_release(struct slot *s);

#endif
