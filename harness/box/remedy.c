/* SPDX-License-Identifier: MIT */
#include "box/remedy.h"

#include "base/io.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool is_set_to(const char *path, const char *value)
{
    struct buf text = BUF_EMPTY;
    bool result = io_read_file(path, 64, &text, NULL) == 0 &&
                  !strncmp(buf_text(&text), value, strlen(value)) &&
                  buf_text(&text)[strlen(value)] == '\n';

    buf_release(&text);
    return result;
}

static bool in_container(void)
{
    return io_is_file("/.dockerenv") || io_is_file("/run/.containerenv");
}

static bool on_github(void)
{
    const char *value = getenv("GITHUB_ACTIONS");

    return value && !strcmp(value, "true");
}

static bool apparmor_restricts(void)
{
    return is_set_to("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1");
}

static bool clone_is_off(void)
{
    return is_set_to("/proc/sys/kernel/unprivileged_userns_clone", "0");
}

static bool count_is_zero(void)
{
    return is_set_to("/proc/sys/user/max_user_namespaces", "0");
}

static bool always(void)
{
    return true;
}

static bool has_systemd(void)
{
    return io_is_directory("/run/systemd/system");
}

static bool is_root(void)
{
    return geteuid() == 0;
}

struct rule {
    bool (*applies)(void);
    const char *remedy;
};

static const struct rule namespace_rules[] = {
    {in_container,
        "In a container, start it with `docker run --privileged` (or podman, the same)."},
    {on_github,
        "On a GitHub-hosted runner, put `sudo` before the command, or first run `sudo sysctl "
        "-w kernel.apparmor_restrict_unprivileged_userns=0`."},
    {apparmor_restricts,
        "Ubuntu keeps user namespaces from programs without an AppArmor profile: run as root (`sudo "
        "make grade`), or `sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0`."},
    {clone_is_off, "Run as root, or `sudo sysctl -w kernel.unprivileged_userns_clone=1`."},
    {count_is_zero, "Run as root, or `sudo sysctl -w user.max_user_namespaces=15000`."},
    {is_root,
        "This root may not make namespaces: give it CAP_SYS_ADMIN, or grade on a machine where "
        "root has it."},
    {always, "Run as root (`sudo make grade`), or ask the administrator for user namespaces."},
};

static const struct rule cgroup_rules[] = {
    {in_container, "In a container, start it with `docker run --privileged --cgroupns=private`."},
    {is_root,
        "Mount a cgroup file system with the memory and pids controllers, writable for root."},
    {has_systemd,
        "Run it as `systemd-run --user --scope -p Delegate=yes make grade …`, or as root."},
    {always, "Run it as root."},
};

static const char *first(const struct rule *r)
{
    while (!r->applies())
        r++;
    return r->remedy;
}

const char *remedy_for_namespaces(void)
{
    return first(namespace_rules);
}

const char *remedy_for_cgroup(void)
{
    return first(cgroup_rules);
}

/* A remedy is a constant or depends on the machine. */
static const struct message {
    const char *part;
    const char *remedy;
    const char *(*ask)(void);
} messages[] = {
    {"Unknown option", "bubblewrap 0.8 or newer is needed (Debian 12, Ubuntu 24.04).", NULL},
    {"mount proc",
        "The container hides parts of /proc: start it with `--security-opt "
        "systempaths=unconfined` or `--privileged`.",
        NULL},
    {"namespace", NULL, remedy_for_namespaces},
    {"uid map", NULL, remedy_for_namespaces},
    {"Operation not permitted", NULL, remedy_for_namespaces},
    {"source path",
        "The kit lies where the box's user may not look: move it to a directory that "
        "others can enter.",
        NULL},
};

const char *remedy_for_message(const char *message)
{
    for (size_t i = 0; i < sizeof(messages) / sizeof(messages[0]); i++)
        if (strstr(message, messages[i].part))
            return messages[i].ask ? messages[i].ask() : messages[i].remedy;
    return NULL;
}
