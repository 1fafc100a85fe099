/* SPDX-License-Identifier: MIT */
/*
 * remedy - one line on what to do about each thing that can be missing for a sandbox. All strings
 * are constants; which one fits is found out by looking at the machine.
 */
#ifndef BOX_REMEDY_H
#define BOX_REMEDY_H

/* What a machine can be like; several at once. */
enum remedy_machine {
    MACHINE_CONTAINER = 1 << 0,
    MACHINE_GITHUB = 1 << 1,       /* a GitHub-hosted runner */
    MACHINE_APPARMOR = 1 << 2,     /* Ubuntu: no user namespaces without a profile */
    MACHINE_CLONE_OFF = 1 << 3,    /* Debian's switch */
    MACHINE_NO_NAMESPACE = 1 << 4, /* the number of user namespaces is limited to none */
    MACHINE_SYSTEMD = 1 << 5,
    MACHINE_ROOT = 1 << 6, /* we are root on it */
};

/* Bits of this one. */
unsigned remedy_look(void);

const char *remedy_for_namespaces(unsigned machine);
const char *remedy_for_cgroup(unsigned machine);

/* For a message of bubblewrap on this machine; NULL when it is not a known one. */
const char *remedy_for_message(const char *message);

#endif
