/* SPDX-License-Identifier: MIT */
/*
 * run - one scenario of a built probe under one tool, in a box: facts in, outcomes out.
 *
 *     struct runner r;
 *     if (runner_open(&r, &spec, &err)) …
 *     struct outcome_list all = {0};
 *     if (runner_run(&r, "count", "threads=2 rounds=3", &all, &err)) …      // HARNESS_ERROR
 *     outcome_list_release(&all);
 *     runner_close(&r);
 *
 * Under `explore` the outcomes are the set over all schedules tried; else there is one. A tool that
 * serves (Valgrind) is started by the first run and kept until runner_close().
 */
#ifndef LAB_RUN_H
#define LAB_RUN_H

#include "base/board.h"
#include "base/lines.h"
#include "base/outcome.h"
#include "box/box.h"
#include "explore/explore.h"
#include "lab/kit.h"
#include "lab/tool.h"

struct replay;

struct runner_spec {
    const struct kit *kit;
    const struct manifest *exercise; /* limits and budgets; may be MANIFEST_EMPTY */
    const struct tool *tool;
    const char *program; /* the probe */
    const char *student; /* base name of the student's file */
    enum box_level level;
    uint64_t seed;
};

struct runner {
    struct runner_spec spec;
    struct board *board;
    int board_fd;
    char *directory; /* reports of the tool */
    struct lines *lines;
    struct box *box; /* at work; of a tool that serves: between runs too */
    int control;
    struct buf printed; /* what the last run printed, for `lab demo` */
};

struct outcome_list {
    struct outcome *items;
    size_t count;
    char *claim;   /* explore: the exact sentence about what was covered */
    bool complete; /* explore: that is every interleaving */
    bool replayed; /* explore: one schedule was replayed, nothing was searched */
};

int runner_open(struct runner *r, const struct runner_spec *spec, struct buf *err);
int runner_run(struct runner *r, const char *scenario, const char *args, struct outcome_list *ret,
    struct buf *err);
void runner_close(struct runner *r);

/* For `lab explore` and `lab replay`, which want more than outcomes. The program has to be built
 * for the tool `explore`; `scenario` NULL: it has a main() of its own. */
struct explore_options runner_explore_options(
    const struct runner *r); /* what a judge's run() has */
int runner_explore(struct runner *r, const char *scenario, const char *args,
    const struct explore_options *options, struct explore_result *ret, struct buf *err);
/* The same as outcomes for a judge. */
int runner_search(struct runner *r, const char *scenario, const char *args,
    struct outcome_list *ret, struct buf *err);
/* See replay_until(). */
int runner_replay_until(struct runner *r, const char *scenario, const char *args,
    const struct explore_options *options, const char *schedule, uint32_t at,
    void (*look)(void *arg, int pid), void *arg, struct buf *err);
/* The one interleaving of a schedule, for a judge; -1 also when it does not fit the program. */
int runner_run_schedule(struct runner *r, const char *scenario, const char *args,
    const char *schedule, struct outcome_list *ret, struct buf *err);
/* What `ret` points to is valid until replay_release(), also after runner_close(). */
int runner_replay(struct runner *r, const char *scenario, const char *args,
    const struct explore_options *options, const char *schedule, struct replay *ret,
    struct buf *err);

void outcome_list_release(struct outcome_list *l);

#endif
