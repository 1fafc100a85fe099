/* SPDX-License-Identifier: MIT */
/*
 * The same seed gives the same executions, counts, outcomes and schedules: again and again, while
 * the machine is busy with other things, and with any number of jobs.
 */
#include "explore/programs.h"

#include <signal.h>

enum { BUSY = 2, REPEATS = 1, SCHEDULES = 120 };

static const struct {
    const char *program, *scenario, *args;
} subjects[] = {
    {"bugs", "lost_wakeup", ""},
    {"bugs", "twostage", "threads=4"},
    {"correct_locks", "trying", ""},
    {"correct_processes", "pipeline", ""},
};

static const enum explore_strategy strategies[] = {
    EXPLORE_ALL, EXPLORE_DPOR, EXPLORE_BOUNDED, EXPLORE_RANDOM};

static int compare_outcomes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* All that a search says, except how fast it was. The caller frees it. */
static char *signature_of(const struct explore_result *r)
{
    struct buf b = BUF_EMPTY;
    char **lines = xcalloc(r->n_outcomes + 1, sizeof(*lines));

    buf_printf(
        &b, "%ld %d %d %ld %s\n", r->executions, r->complete, r->bound, r->first_failure, r->claim);
    for (size_t i = 0; i < r->n_outcomes; i++) {
        const struct outcome *o = &r->outcomes[i];
        char *facts = json_dumps(o->facts, JSON_SORT_KEYS | JSON_COMPACT);

        lines[i] = xasprintf("%ld %s %s %s %s\n", (long)o->count, o->ended, facts,
            o->text ? o->text : "", o->schedule ? o->schedule : "");
        free(facts);
    }
    qsort(lines, r->n_outcomes, sizeof(*lines), compare_outcomes);
    for (size_t i = 0; i < r->n_outcomes; i++) {
        buf_puts(&b, lines[i]);
        free(lines[i]);
    }
    free(lines);
    return buf_detach(&b);
}

static char *search(
    const char *path, size_t subject, enum explore_strategy strategy, int jobs, uint64_t seed)
{
    struct explore_options o = explore_options_default();
    struct explore_result r = EXPLORE_RESULT_EMPTY;
    char *signature;

    o.strategy = strategy;
    o.schedules = SCHEDULES;
    o.seed = seed;
    o.jobs = jobs;
    o.keep_going = true;
    o.races_fail = false;
    explore_built(path, subjects[subject].scenario, subjects[subject].args, &o, &r);
    signature = signature_of(&r);
    explore_result_release(&r);
    return signature;
}

static void expect_same(const char *path, size_t subject, enum explore_strategy strategy,
    const char *expected, int jobs)
{
    char *found = search(path, subject, strategy, jobs, 5);

    cr_expect_str_eq(found, expected, "%s, strategy %d, %d jobs:\n%snot\n%s",
        subjects[subject].scenario, (int)strategy, jobs, found, expected);
    free(found);
}

static void for_all(int repeats, int most_jobs)
{
    for (size_t i = 0; i < sizeof(subjects) / sizeof(subjects[0]); i++) {
        char *path = build_program(subjects[i].program, "");

        for (size_t k = 0; k < sizeof(strategies) / sizeof(strategies[0]); k++) {
            char *expected = search(path, i, strategies[k], 1, 5);

            for (int jobs = 1; jobs <= most_jobs; jobs++)
                for (int n = 0; n < repeats; n++)
                    expect_same(path, i, strategies[k], expected, jobs);
            free(expected);
        }
        free(path);
    }
}

Test(explore_same, any_number_of_jobs_finds_the_same)
{
    for_all(1, 3);
}

Test(explore_same, a_busy_machine_finds_the_same)
{
    const char *wanted = getenv("EXPLORE_SAME_COUNT");
    pid_t busy[BUSY];

    for (int i = 0; i < BUSY; i++)
        if ((busy[i] = fork()) == 0)
            for (;;)
                ;
    for_all(wanted ? (int)strtol(wanted, NULL, 10) : REPEATS, 1);
    for (int i = 0; i < BUSY; i++) {
        kill(busy[i], SIGKILL);
        waitpid(busy[i], NULL, 0);
    }
}

Test(explore_same, another_seed_finds_others)
{
    char *path = build_program("bugs", "");
    char *one = search(path, 0, EXPLORE_RANDOM, 1, 5),
         *other = search(path, 0, EXPLORE_RANDOM, 1, 6);

    cr_expect_str_neq(one, other);
    free(one);
    free(other);
    free(path);
}
