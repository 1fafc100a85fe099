/* SPDX-License-Identifier: MIT */
/*
 * intake_open - opens what a student may have planted: no link is followed, nothing waits.
 */
#ifndef GATE_INTAKE_OPEN_H
#define GATE_INTAKE_OPEN_H

#include "base/buf.h"

#include <stddef.h>

/* Opens `path` beneath the directory, which it cannot leave: openat2() with RESOLVE_BENEATH,
 * RESOLVE_NO_SYMLINKS, RESOLVE_NO_MAGICLINKS and RESOLVE_NO_XDEV left out, so that a submission may
 * be a mount. Before Linux 5.6 a single name is opened with O_NOFOLLOW, a longer path is EINVAL.
 * Close-on-exec, non-blocking. -1 with errno. */
int intake_open_beneath(int directory_fd, const char *path, int flags);

/* Reads at most `most` bytes; more is no error, it is just not read. -1 with errno. */
int intake_read_fd(int fd, size_t most, struct buf *ret);

#endif
