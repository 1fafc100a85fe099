/* SPDX-License-Identifier: MIT */
/*
 * run_command - the command that a runner puts into a box: the probe in its tool's wrapper, with
 * limits and the board. Of the files run*.c alone.
 *
 *     struct run_command c;
 *     run_command_prepare(&c, runner);
 *     box_run(&c.box, …);        // c.box points into c and into the runner
 *     run_command_release(&c);
 */
#ifndef LAB_RUN_COMMAND_H
#define LAB_RUN_COMMAND_H

#include "lab/run.h"

enum { ARGV_MOST = 32, ENVIRONMENT_MOST = 12 };

/* With everything that its spec points to. */
struct run_command {
    const char *argv[ARGV_MOST];
    const char *environment[ENVIRONMENT_MOST];
    char *owned[ARGV_MOST + ENVIRONMENT_MOST];
    size_t n_owned;
    struct box_bind binds[1];
    struct box_fd fds[2];
    struct box_spec box;
};

void run_command_prepare(struct run_command *c, struct runner *r);
void run_command_release(struct run_command *c);

/* Says to LAB_TRACE what is run. `c` is NULL when a program that serves has been started before;
 * `budget` is NULL but for a search. */
void run_command_trace(const struct runner *r, const struct run_command *c, const char *scenario,
    const char *args, const struct explore_options *budget);

#endif
