/* SPDX-License-Identifier: MIT */
/*
 * seccomp - the system calls that no exercise has any use for.
 *
 * A list of what is denied, not of what is allowed: an allow list breaks at the next glibc. What
 * can be reached is bounded by namespaces and Landlock; this bounds how much of the kernel can be
 * tried.
 */
#ifndef BOX_SECCOMP_H
#define BOX_SECCOMP_H

#include "base/buf.h"

/* The filter as the kernel wants it (struct sock_filter[]). Built once, and kept. */
const struct buf *seccomp_filter(struct buf *err);

#endif
