/* SPDX-License-Identifier: MIT */
/*
 * landlock - files, TCP, signals and abstract sockets beyond what was allowed are out of reach for
 * this process and all that it starts, for good. Works without any privilege.
 *
 * The kernel's headers of Debian 12 are older than what its users' kernels can do: the numbers are
 * our own, and the version is asked from the system call.
 */
#ifndef BOX_INIT_LANDLOCK_H
#define BOX_INIT_LANDLOCK_H

#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { LANDLOCK_CREATE = 444, LANDLOCK_ADD = 445, LANDLOCK_RESTRICT = 446 };

/* The version of the interface that the kernel has; 0: none. 6 can do all that we ask for. Inline,
 * because `lab` asks too. */
static inline int landlock_version(void)
{
    long v = syscall(LANDLOCK_CREATE, NULL, 0, 1);

    return v > 0 ? (int)v : 0;
}

/* `paths` as in plan.h; paths that do not exist are skipped. 0, or -1 with errno. */
int landlock_only(char *const *paths);

#endif
