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

static bool has_systemd(void)
{
    return io_is_directory("/run/systemd/system");
}

static bool in_container(void)
{
    return io_is_file("/.dockerenv") || io_is_file("/run/.containerenv");
}

unsigned remedy_look(void)
{
    const char *github = getenv("GITHUB_ACTIONS");
    const struct {
        unsigned bit;
        bool is_so;
    } answers[] = {
        {MACHINE_CONTAINER, in_container()},
        {MACHINE_GITHUB, github && !strcmp(github, "true")},
        {MACHINE_APPARMOR,
            is_set_to("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1")},
        {MACHINE_CLONE_OFF, is_set_to("/proc/sys/kernel/unprivileged_userns_clone", "0")},
        {MACHINE_NO_NAMESPACE, is_set_to("/proc/sys/user/max_user_namespaces", "0")},
        {MACHINE_SYSTEMD, has_systemd()},
        {MACHINE_ROOT, geteuid() == 0},
    };
    unsigned machine = 0;

    for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++)
        machine |= answers[i].is_so ? answers[i].bit : 0;
    return machine;
}

/* The first row whose machine this is. */
struct rule {
    unsigned machine; /* 0: any */
    const char *remedy;
};

static const struct rule namespace_rules[] = {
    {MACHINE_GITHUB,
        "On a GitHub-hosted runner, put `sudo` before the command, or first run `sudo sysctl "
        "-w kernel.apparmor_restrict_unprivileged_userns=0`."},
    {MACHINE_CONTAINER,
        "In a container, start it with `docker run --privileged` (or podman, the same)."},
    {MACHINE_NO_NAMESPACE, "Run as root, or `sudo sysctl -w user.max_user_namespaces=15000`."},
    {MACHINE_APPARMOR,
        "Ubuntu keeps user namespaces from programs without an AppArmor profile: give bubblewrap "
        "the one in docs/sandbox.md, or run as root (`sudo make grade`)."},
    {MACHINE_CLONE_OFF, "Run as root, or `sudo sysctl -w kernel.unprivileged_userns_clone=1`."},
    {MACHINE_ROOT,
        "This root may not make namespaces: give it CAP_SYS_ADMIN, or grade on a machine "
        "where root has it."},
    {0, "Run as root (`sudo make grade`), or ask the administrator for user namespaces."},
};

static const struct rule cgroup_rules[] = {
    {MACHINE_CONTAINER,
        "In a container, start it with `docker run --privileged --cgroupns=private`."},
    {MACHINE_ROOT,
        "Mount a cgroup file system with the memory and pids controllers, writable for root."},
    {MACHINE_SYSTEMD,
        "Run it as `systemd-run --user --scope -p Delegate=yes make grade …`, or as root."},
    {0, "Run it as root."},
};

static const char *first(const struct rule *r, unsigned machine)
{
    while (r->machine && !(r->machine & machine))
        r++;
    return r->remedy;
}

const char *remedy_for_namespaces(unsigned machine)
{
    return first(namespace_rules, machine);
}

const char *remedy_for_cgroup(unsigned machine)
{
    return first(cgroup_rules, machine);
}

/* NULL: it depends on the machine. */
static const struct message {
    const char *part;
    const char *remedy;
} messages[] = {
    {"apt install bubblewrap", "apt install bubblewrap"},
    {"Unknown option", "bubblewrap 0.8 or newer is needed (Debian 12, Ubuntu 24.04)."},
    {"user ids for boxes", "Start fewer jobs at once."},
    {"mount proc", "The container hides parts of /proc: start it with `--security-opt "
                   "systempaths=unconfined` or `--privileged`."},
    {"namespace", NULL},
    {"uid map", NULL},
    {"Operation not permitted", NULL},
    {"source path", "The kit lies where the box's user may not look: move it to a directory that "
                    "others can enter."},
    {"cannot be started: No such file", "apt install bubblewrap"},
};

const char *remedy_for_message(const char *message)
{
    for (size_t i = 0; i < sizeof(messages) / sizeof(messages[0]); i++)
        if (strstr(message, messages[i].part))
            return messages[i].remedy ? messages[i].remedy : remedy_for_namespaces(remedy_look());
    return NULL;
}
