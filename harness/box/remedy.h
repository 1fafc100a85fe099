/* SPDX-License-Identifier: MIT */
/*
 * remedy - one line on what to do about each thing that can be missing for a sandbox. All strings
 * are constants; which one fits is found out by looking at the machine.
 */
#ifndef BOX_REMEDY_H
#define BOX_REMEDY_H

/* For a message of bubblewrap; NULL when it is not a known one. */
const char *remedy_for_message(const char *message);

const char *remedy_for_namespaces(void);
const char *remedy_for_cgroup(void);

#endif
