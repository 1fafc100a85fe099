/* SPDX-License-Identifier: MIT */
/*
 * explore - one figure about the explorer, as a line of a table.
 *
 *     explore speed TITLE BAR PROGRAM random|dpor      executions a second
 *     explore jobs  TITLE BAR PROGRAM random|dpor      how many times faster with two jobs
 *     explore first TITLE BAR PROGRAM SCENARIO ARGS    schedules to the first bug, mean of 20 seeds
 */
#include "explore/explore.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SEEDS = 20, SCHEDULES = 6000, PAIRS = 3 };

static double seconds_now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static struct explore_result search(
    const struct explore_program *p, const struct explore_options *o)
{
    struct explore_result r = EXPLORE_RESULT_EMPTY;
    struct buf err = BUF_EMPTY;

    if (explore_search(p, o, &r, &err)) {
        fprintf(stderr, "%s\n", buf_text(&err));
        exit(1);
    }
    return r;
}

static double speed(const char *path, const char *strategy, int jobs)
{
    struct explore_program p = {.path = path};
    struct explore_options o = explore_options_default();
    struct explore_result r;
    double result;

    o.strategy = strcmp(strategy, "dpor") ? EXPLORE_RANDOM : EXPLORE_DPOR;
    o.schedules = SCHEDULES;
    o.races_fail = false;
    o.keep_going = true;
    o.minimise = false;
    o.jobs = jobs;
    r = search(&p, &o);
    result = r.executions_per_second;
    explore_result_release(&r);
    return result;
}

/* By turns, so that what else the machine does is the same for both. */
static double gain(const char *path, const char *strategy)
{
    double one = 0, two = 0;

    for (int i = 0; i < PAIRS; i++) {
        one += speed(path, strategy, 1);
        two += speed(path, strategy, 2);
    }
    return two / one;
}

static double first(const char *path, const char *scenario, const char *args)
{
    struct explore_program p = {.path = path, .scenario = scenario, .args = args};
    struct explore_options o = explore_options_default();
    long sum = 0;

    o.strategy = EXPLORE_RANDOM;
    o.races_fail = false;
    o.minimise = false;
    for (o.seed = 1; o.seed <= SEEDS; o.seed++) {
        struct explore_result r = search(&p, &o);

        sum += r.first_failure ? r.first_failure : o.schedules;
        explore_result_release(&r);
    }
    return (double)sum / SEEDS;
}

int main(int argc, char **argv)
{
    double start = seconds_now(), figure;

    if (argc < 6)
        return 2;
    if (!strcmp(argv[1], "speed"))
        figure = speed(argv[4], argv[5], 1);
    else if (!strcmp(argv[1], "jobs"))
        figure = gain(argv[4], argv[5]);
    else
        figure = first(argv[4], argv[5], argc > 6 ? argv[6] : "");
    printf("  %-56s %8.*f [%s]  (%.1f s)\n", argv[2], figure < 100 ? 2 : 0, figure, argv[3],
        seconds_now() - start);
    return 0;
}
