/* SPDX-License-Identifier: MIT */
/*
 * How soon the random portfolio finds a bug: the mean over 20 seeds of the number of the first
 * execution that fails. Seeds are fixed, so these are exact numbers, on any machine under any load.
 */
#include "explore/programs.h"

enum { SEEDS = 20, MOST = 300 };

static const struct {
    const char *bug;
    const char *args;
    int most; /* mean number of schedules */
} bars[] = {
    {"two_locks", "", 5},
    {"lost_update", "", 3},
    {"lost_wakeup", "", 10},
    {"reorder", "threads=3", 10},
    {"reorder", "threads=10", 10},
    {"reorder", "threads=100", 10},
    {"twostage", "threads=3", 10},
    {"twostage", "threads=10", 10},
    {"twostage", "threads=100", 10},
};

static long first_failure(const char *path, const char *bug, const char *args, uint64_t seed)
{
    struct explore_options o = explore_options_default();
    struct explore_result r = EXPLORE_RESULT_EMPTY;
    long first;

    o.strategy = EXPLORE_RANDOM;
    o.schedules = MOST;
    o.seed = seed;
    o.races_fail = false; /* a race alone would be found in the first execution */
    o.minimise = false;
    explore_built(path, bug, args, &o, &r);
    first = r.first_failure;
    explore_result_release(&r);
    return first ? first : MOST;
}

Test(explore_first, bugs_are_found_in_few_schedules)
{
    char *path = build_program("bugs", "");

    for (size_t i = 0; i < sizeof(bars) / sizeof(bars[0]); i++) {
        long sum = 0;

        for (uint64_t seed = 1; seed <= SEEDS; seed++)
            sum += first_failure(path, bars[i].bug, bars[i].args, seed);
        cr_expect(sum <= (long)bars[i].most * SEEDS, "%s %s: %.2f schedules, not %d", bars[i].bug,
            bars[i].args, (double)sum / SEEDS, bars[i].most);
        if (getenv("EXPLORE_VERBOSE"))
            printf("%-12s %-12s %6.2f\n", bars[i].bug, bars[i].args, (double)sum / SEEDS);
    }
    free(path);
}
