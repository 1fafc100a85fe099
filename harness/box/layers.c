/* SPDX-License-Identifier: MIT */
#include "box/layers.h"

#include "box/init/landlock.h"
#include "box/slot.h"

#include <linux/capability.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Root in a container may be root in name only: without the right to mount, or with a single id. */
static bool can_mount(void)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[2] = {{0}, {0}};

    return syscall(SYS_capget, &header, data) == 0 && (data[0].effective & (1U << CAP_SYS_ADMIN));
}

static bool slots_are_mapped(void)
{
    FILE *f = fopen("/proc/self/uid_map", "re");
    unsigned first, outside, count;
    bool result = false;

    while (f && fscanf(f, "%u %u %u", &first, &outside, &count) == 3)
        if (first <= SLOT_FIRST && first + (count - 1) >= SLOT_FIRST + SLOT_COUNT - 1)
            result = true;
    if (f)
        fclose(f);
    return result;
}

struct layers layers_of(const struct box_spec *spec)
{
    const bool sandbox = spec->level != BOX_LIMITS;
    const unsigned on = ~spec->layers_off;
    const bool is_root = geteuid() == 0 && slots_are_mapped();
    struct layers l = {
        .namespaces = spec->level >= BOX_APPROXIMATE && (on & BOX_LAYER_NAMESPACES),
        .seccomp = sandbox && (on & BOX_LAYER_SECCOMP),
        .landlock = sandbox && (on & BOX_LAYER_LANDLOCK) &&
                    (spec->level == BOX_REDUCED || landlock_version() > 0),
        /* At BOX_LIMITS it is used where there is one (launch.c), and not for a compiler: that
         * makes no fork bomb. */
        .cgroup = (spec->level == BOX_FULL || (!sandbox && !spec->compiler)) &&
                  (on & BOX_LAYER_CGROUP),
        .slot = sandbox && is_root && (on & BOX_LAYER_USER),
        .rlimits = on & BOX_LAYER_RLIMITS,
        .sealed = on & BOX_LAYER_SEALED,
        .closed = on & BOX_LAYER_CLOSED,
        .inodes = on & BOX_LAYER_INODES,
    };

    /* Root makes namespaces as root, and the command becomes another user inside. Who is not root,
     * or is root without the right to mount, needs a user namespace. */
    l.new_user = l.namespaces && !(l.slot && can_mount());
    l.inodes = l.inodes && l.namespaces;
    return l;
}
