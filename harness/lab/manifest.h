/* SPDX-License-Identifier: MIT */
/*
 * manifest - an exercise's lab.conf (libconfig).
 *
 * Reading checks everything that can be checked in one file: unknown keys, types, ranges, duplicate
 * checks, `needs` that name no check. The sentence in `err` names file and line and what is
 * allowed.
 */
#ifndef LAB_MANIFEST_H
#define LAB_MANIFEST_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

enum { MANIFEST_HINTS = 3 };

struct check {
    char *test;  /* Criterion test in the exercise's judge */
    char *under; /* name of a tool */
    char *title; /* a sentence that is true when the check passes */
    char *needs; /* "test@tool", or NULL */
    double points;
};

struct manifest {
    char *id;
    char *unit;
    char *file; /* lab.conf */
    char *title;
    char *concept;
    char *edit; /* the student's file */
    int order;
    int minutes;
    char *hints[MANIFEST_HINTS];
    char **allow; /* symbols beyond the gate's base list; NULL-terminated */
    char **extra; /* kit files linked into the probe, from the root; NULL-terminated */
    char **libs;  /* "png" for -lpng; NULL-terminated */
    struct check *checks;
    size_t n_checks;

    /* Limits that differ from the defaults; 0: the default. */
    int limit_tasks;
    int limit_wall_ms;
    int limit_cpu_ms;
    int limit_memory_mib;
    int limit_output_kib;

    /* Budget of `explore`, see explore/explore.h; 0 (spurious: -1): the default. */
    int explore_schedules;
    int explore_preemptions;
    int explore_spurious;
    char *
        *explore_facts;  /* names of the facts that tell the outcomes apart for people; NULL: all */
    char *explore_races; /* "fail", or "ignore" where the race is what the exercise is about; NULL:
                            fail */
};

#define MANIFEST_EMPTY ((struct manifest){.explore_spurious = -1})

/* `unit` and `id` are the names of the directories. */
int manifest_read(
    const char *path, const char *unit, const char *id, struct manifest *ret, struct buf *err);
void manifest_release(struct manifest *m);

/* The row for a test under a tool, or NULL. */
const struct check *manifest_check(const struct manifest *m, const char *test, const char *tool);

double manifest_points(const struct manifest *m);

/* True when some check runs under this tool. */
bool manifest_uses(const struct manifest *m, const char *tool);

#endif
