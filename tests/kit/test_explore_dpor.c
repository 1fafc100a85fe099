/* SPDX-License-Identifier: MIT */
/*
 * The exhaustive search takes each interleaving that matters once: on the programs of the papers
 * that the reduction comes from, it takes exactly as many as they say, and nothing in vain.
 */
#include "explore/programs.h"

static const struct {
    const char *program;
    int size;
    long traces;
} counts[] = {
    {"readers", 2, 4},
    {"readers", 8, 256},
    {"readers", 13, 8192},
    {"filesystem", 14, 2},
    {"filesystem", 16, 8},
    {"filesystem", 18, 32},
    {"filesystem", 19, 64},
    {"indexer", 11, 1},
    {"indexer", 12, 8},
    {"indexer", 13, 64},
};

enum { MOST = 10000, LEARNING = 8 };

static long sum_of(const struct explore_result *r)
{
    long sum = 0;

    for (size_t i = 0; i < r->n_outcomes; i++)
        sum += r->outcomes[i].count;
    return sum;
}

static void count_traces(const char *program, int size, long traces)
{
    struct explore_options o = explore_options_default();
    char *definition = xasprintf("-DN=%d", size);
    char *claim = xasprintf("all %ld interleavings explored", traces);
    struct explore_result r;

    o.strategy = EXPLORE_DPOR;
    o.schedules = MOST;
    o.races_fail = false;
    o.minimise = false;
    o.keep_going = true;
    r = explore_program(program, definition, &o);
    cr_expect(r.complete, "%s(%d) is not complete", program, size);
    cr_expect_eq(
        sum_of(&r), traces, "%s(%d): %ld traces, not %ld", program, size, sum_of(&r), traces);
    cr_expect(traces == 1 || !strcmp(r.claim, claim), "%s(%d): %s", program, size, r.claim);
    cr_expect(
        r.executions <= traces + LEARNING, "%s(%d): %ld executions", program, size, r.executions);
    explore_result_release(&r);
    free(claim);
    free(definition);
}

Test(explore_dpor, takes_as_many_traces_as_the_papers_say)
{
    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
        count_traces(counts[i].program, counts[i].size, counts[i].traces);
}
