/* SPDX-License-Identifier: MIT */
/*
 * command - the plan as lab-init holds it, and the start of the command in it.
 */
#ifndef BOX_INIT_COMMAND_H
#define BOX_INIT_COMMAND_H

#include "box/init/plan.h"

#include <sys/types.h>

struct command {
    struct plan plan;
    char **argv;
    char **envp;
    char **paths;
    const char *cwd;
    const char *files; /* "": none */
    void *filter;
};

/* Reads the plan from `fd` and closes it. 0, or -1 with errno. The memory is never freed. */
int command_read(struct command *c, int fd);

/* Forks and starts the command; the pid, or -1. A command that cannot be started says so by itself
 * with a report on `control` and exits. */
pid_t command_start(const struct command *c, int control);

#endif
