/* SPDX-License-Identifier: MIT */
/*
 * explore_request - what was asked for on the command line of `lab explore` and `lab replay`.
 *
 * Numbers that were not given are REQUEST_NONE: then the exercise's lab.conf decides, or the
 * default.
 */
#ifndef LAB_EXPLORE_REQUEST_H
#define LAB_EXPLORE_REQUEST_H

#include "explore/explore.h"

enum { REQUEST_NONE = -1, SEED_USUAL = 1 };

struct explore_request {
    const char *self;   /* the program as it was called, for commands that are shown */
    const char *target; /* EXERCISE or FILE.c */
    const char *source;
    const char *scenario;
    const char *args;
    enum explore_strategy strategy;
    long preemptions;
    long schedules;
    double seconds;
    uint64_t seed;
    long spurious;
    bool races_ignored;
    long jobs;
    bool keep_going;
    const char *trace; /* FILE for the page; NULL: none */
    const char *json;  /* FILE; NULL: none */

    const char *schedule; /* of `lab replay` */
    bool step;
    bool gdb;
};

#define EXPLORE_REQUEST_EMPTY                              \
    ((struct explore_request){.preemptions = REQUEST_NONE, \
        .schedules = REQUEST_NONE,                         \
        .seed = SEED_USUAL,                                \
        .spurious = REQUEST_NONE,                          \
        .jobs = 1})

/* Reads the command line; on a mistake argp says which, and the process ends with status 2. */
void explore_request_read(struct explore_request *q, int argc, char **argv);
void replay_request_read(struct explore_request *q, int argc, char **argv);

const char *strategy_name(enum explore_strategy s);

/* `o`, changed as the request wants it. */
void explore_request_apply(const struct explore_request *q, struct explore_options *o);

#endif
