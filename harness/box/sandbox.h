/* SPDX-License-Identifier: MIT */
/*
 * sandbox - what is visible inside: the bubblewrap command line, and the same as paths for
 * Landlock.
 */
#ifndef BOX_SANDBOX_H
#define BOX_SANDBOX_H

#include "box/box.h"
#include "box/layers.h"
#include "box/list.h"

/* The path of lab-init inside. */
#define SANDBOX_INIT "/lab-init"

/* bubblewrap and its arguments up to, not including, the program. `init` is lab-init outside. */
int sandbox_command(const struct box_spec *spec, const struct layers *l, const char *init,
    struct list *ret, struct buf *err);

/* What Landlock shall allow, as in init/plan.h. `directory`: a private writable directory outside
 * namespaces, or NULL. */
void sandbox_paths(
    const struct box_spec *spec, const struct layers *l, const char *directory, struct list *ret);

/* Without namespaces a path cannot have another name inside. */
int sandbox_check_binds(const struct box_spec *spec, struct buf *err);

#endif
