/* SPDX-License-Identifier: MIT */
/* One remedy for each kind of machine, whatever this one is. */
#include "box/remedy.h"

#include <criterion/criterion.h>
#include <string.h>

static const struct row {
    unsigned machine;
    const char *part; /* of the remedy */
} namespaces[] =
    {
        {MACHINE_GITHUB | MACHINE_APPARMOR, "GitHub-hosted runner"},
        {MACHINE_CONTAINER | MACHINE_ROOT, "docker run --privileged"},
        {MACHINE_NO_NAMESPACE, "user.max_user_namespaces"},
        {MACHINE_APPARMOR | MACHINE_SYSTEMD, "AppArmor profile"},
        {MACHINE_CLONE_OFF, "kernel.unprivileged_userns_clone"},
        {MACHINE_ROOT, "CAP_SYS_ADMIN"},
        {0, "sudo make grade"},
},
  cgroups[] = {
      {MACHINE_CONTAINER | MACHINE_ROOT, "--cgroupns=private"},
      {MACHINE_ROOT | MACHINE_SYSTEMD, "Mount a cgroup file system"},
      {MACHINE_SYSTEMD, "systemd-run --user"},
      {0, "as root"},
};

Test(box_remedy, each_machine_has_its_own)
{
    for (size_t i = 0; i < sizeof(namespaces) / sizeof(namespaces[0]); i++)
        cr_expect(strstr(remedy_for_namespaces(namespaces[i].machine), namespaces[i].part),
            "row %zu: %s", i, remedy_for_namespaces(namespaces[i].machine));
    for (size_t i = 0; i < sizeof(cgroups) / sizeof(cgroups[0]); i++)
        cr_expect(strstr(remedy_for_cgroup(cgroups[i].machine), cgroups[i].part), "row %zu: %s", i,
            remedy_for_cgroup(cgroups[i].machine));
}

Test(box_remedy, what_bubblewrap_says_is_understood)
{
    static const struct {
        const char *message, *part;
    } messages[] = {
        {"bwrap: Unknown option --disable-userns", "0.8 or newer"},
        {"bwrap: Can't mount proc on /newroot/proc: Operation not permitted", "systempaths"},
        {"bwrap: Can't find source path /home/kit: Permission denied", "others can enter"},
        {"/usr/bin/bwrap cannot be started: No such file or directory.", "apt install bubblewrap"},
        {"All 256 user ids for boxes are in use.", "fewer jobs"},
    };

    for (size_t i = 0; i < sizeof(messages) / sizeof(messages[0]); i++) {
        const char *remedy = remedy_for_message(messages[i].message);

        cr_expect(remedy && strstr(remedy, messages[i].part), "%s: %s", messages[i].message,
            remedy ? remedy : "nothing");
    }
    cr_expect(remedy_for_message("bwrap: setting up uid map: Permission denied") != NULL);
    cr_expect_null(remedy_for_message("something that nobody has seen yet"));
}
