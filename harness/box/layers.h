/* SPDX-License-Identifier: MIT */
/*
 * layers - what a spec's level means here and now.
 */
#ifndef BOX_LAYERS_H
#define BOX_LAYERS_H

#include "box/box.h"

#include <stdbool.h>

struct layers {
    bool namespaces;
    bool new_user; /* the namespaces include a user namespace */
    bool seccomp;
    bool landlock;
    bool cgroup;
    bool slot; /* a user id of its own */
    bool rlimits;
    bool sealed;
    bool closed;
    bool inodes;
};

/* Asks nothing but the process itself and the spec: whether it works is seen when it is tried. */
struct layers layers_of(const struct box_spec *spec);

#endif
