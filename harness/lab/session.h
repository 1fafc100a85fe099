/* SPDX-License-Identifier: MIT */
/*
 * session - one exercise under one tool: build the probe, start the judge, run what it asks for,
 * and derive a row for each check.
 *
 * A session runs in a process of its own, forked from `lab`, and writes to a pipe one JSON line for
 * each row the moment that it is known:
 *
 *     {"row": {"id": "counter_mutex/adds_up", "tool": "plain", "verdict": "PASS", …}}
 *
 * in the shape of the result file, then {"over": true}. A session that dies without that line is a
 * HARNESS_ERROR for the rows that it did not write.
 */
#ifndef LAB_SESSION_H
#define LAB_SESSION_H

#include "box/box.h"
#include "lab/kit.h"
#include "lab/tool.h"

#include <stdbool.h>
#include <stdint.h>

enum { SESSION_CHECKS = 64 };

struct runner;
struct outcome_list;

/* Somebody who stands between the judge and the runs, for `lab explore` and `lab replay`: answers
 * what the judge asks for, and hears what it says of each outcome. Such a session neither takes nor
 * leaves anything in the cache. */
struct session_watch {
    void *arg;
    /* Instead of runner_run(), or of runner_run_schedule() where the judge wants to see one
     * schedule (else NULL). 1: enough, the session ends. */
    int (*run)(void *arg, struct runner *r, const struct check *check, const char *scenario,
        const char *args, const char *schedule, struct outcome_list *ret, struct buf *err);
    /* `outcome`: its number among all outcomes that this check was given, from 0; -1: of none. */
    void (*assertion)(
        void *arg, const struct check *check, bool holds, const char *message, long outcome);
};

struct session_spec {
    const struct kit *kit;
    const struct manifest *exercise;
    const struct tool *tool;
    const struct check *checks[SESSION_CHECKS];
    size_t n_checks;
    const char *source; /* the student's file */
    enum box_level level;
    uint64_t seed;
    bool seeded;      /* rows in the cache that come from another seed will not do */
    bool fresh;       /* do not take rows from the cache */
    const char *keep; /* build here, uncached, and leave everything (coverage); NULL: no */
    const struct session_watch *watch; /* NULL: nobody */
};

/* Runs the session in the calling process and writes to `fd`. Returns 0; faults of ours are rows.
 */
int session_run(const struct session_spec *s, int fd);

/* Ahead of a session: does of its work what needs no judge, so that all of that is in the cache.
 * Says nothing; what fails here fails again, and is heard, in the session itself. */
int session_prepare(const struct session_spec *s, int fd);

#endif
