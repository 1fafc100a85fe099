/* SPDX-License-Identifier: MIT */
#include "material.h"

#include "judge.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STAGES = 3, MOST_ITEMS = 128, UNTOUCHED = 0x5a5a };

/* One run: the sizes of its items, and what has to be seen at each stage. */
struct feed {
    long seed;
    long keys[STAGES];
    size_t count;
    long sizes[STAGES + 1][MOST_ITEMS]; /* of the items, of what B and C get, of the results */
    long prints[STAGES + 1][MOST_ITEMS];
};

/* Works out what becomes of the first `known` items. */
static void feed_through(struct feed *f, size_t known)
{
    unsigned char *now = malloc(MATERIAL_MAX), *next = malloc(MATERIAL_MAX);

    cr_assert(now && next, "no memory");
    f->seed = random_int(1, 1000000);
    random_ints(f->keys, STAGES, 1, 255);
    for (size_t i = 0; i < known && i < f->count; i++) {
        material_item(f->seed, i, now, (size_t)f->sizes[0][i]);
        for (int s = 0; s <= STAGES; s++) {
            size_t size = (size_t)f->sizes[s][i];
            unsigned char *old = now;

            f->prints[s][i] = (long)fingerprint(now, size);
            if (s == STAGES)
                break;
            f->sizes[s + 1][i] = (long)material_work(s, f->keys[s], now, size, next);
            now = next;
            next = old;
        }
    }
    free(now);
    free(next);
}

static struct feed random_feed(size_t count, long least, long most)
{
    struct feed f = {.count = count};

    random_ints(f.sizes[0], count, least, most);
    feed_through(&f, count);
    return f;
}

static struct outcomes *run_feed(const char *scenario, const struct feed *f, const char *more)
{
    return run(scenario, "seed=%ld keys=%s sizes=%s%s", f->seed, join_ints(f->keys, STAGES),
        join_ints(f->sizes[0], f->count), more);
}

/* From stage `from` on, each has seen the first `count` items, as the stage before made them. */
static void expect_seen(const struct outcome *o, const struct feed *f, int from, size_t count)
{
    static const char *const sizes[] = {"sizes_A", "sizes_B", "sizes_C", "sizes_out"};
    static const char *const prints[] = {"bytes_A", "bytes_B", "bytes_C", "bytes_out"};
    static const char *const who[] = {"A got", "B got", "C got", "the caller took"};

    for (int s = from; s <= STAGES; s++) {
        size_t seen;
        const long *bytes = fact_ints(o, prints[s], &seen);

        expect_ints(o, sizes[s], f->sizes[s], count);
        for (size_t i = 0; i < seen && i < count; i++)
            if (!expect_that(o, bytes[i] == f->prints[s][i],
                    "item %zu: the bytes that %s are not those that were to come", i + 1, who[s]))
                break;
    }
}

static void expect_complete(const struct outcome *o, const struct feed *f)
{
    expect_int(o, "returned", 0);
    expect_seen(o, f, 0, f->count);
    expect_int(o, "end_results", (long)f->count);
    expect_int(o, "end_failed_stage", -1);
    expect_int(o, "end_error", 0);
    expect_int(o, "end_signal", 0);
    expect_int(o, "forks", STAGES);
    expect_int(o, "reaped", STAGES);
    expect_int(o, "signals_kept", 1);
}

static void expect_own_processes(const struct outcome *o)
{
    expect_that(o, fact_int(o, "stage_processes") == STAGES && fact_int(o, "process_changes") == 0,
        "work() and done() of a stage were not called in one and the same process of its own, or "
        "take() not in the caller's");
}

static void expect_done_everywhere(const struct outcome *o)
{
    expect_ints(o, "dones", (const long[]){1, 1, 1}, STAGES);
    expect_ints(o, "done_turns", (const long[]){1, 2, 3}, STAGES);
    expect_that(o, fact_int(o, "calls_after_done") == 0,
        "%ld calls of work() came after the same stage's done()", fact_int(o, "calls_after_done"));
}

LAB_TEST(pipeline_processes, every_item_once_in_order)
{
    struct feed f = random_feed((size_t)random_int(20, 60), 1, 300);
    struct outcomes *all = run_feed("flow", &f, "");

    EACH_OUTCOME (o, all) {
        expect_complete(o, &f);
        expect_own_processes(o);
    }
    struct feed one = random_feed(1, 3, 100);
    struct outcomes *small = run_feed("flow", &one, "");
    EACH_OUTCOME (o, small)
        expect_complete(o, &one);
}

/* More than a pipe holds, and much more than one read() brings; then hardly anything per call. */
LAB_TEST(pipeline_processes, items_of_any_size)
{
    struct feed large = {
        .sizes[0] = {100, 4096, 65535, 65536, 65537, random_int(150000, 250000), 1,
            under("plain") ? MATERIAL_MAX : 100000, 5, random_int(70000, 140000)},
        .count = 10,
    };

    feed_through(&large, large.count);
    struct outcomes *all = run_feed("flow", &large, "");
    EACH_OUTCOME (o, all)
        expect_complete(o, &large);

    struct feed small = random_feed((size_t)random_int(10, 20), 1, 200);
    small.sizes[0][random_int(3, 8)] = random_int(9000, 14000);
    feed_through(&small, small.count);
    struct outcomes *drops = run_feed("flow", &small, " transfer=3");
    EACH_OUTCOME (o, drops)
        expect_complete(o, &small);
}

LAB_TEST(pipeline_processes, done_reaches_every_stage)
{
    struct feed none = {.count = 0};
    struct feed hollow = {.count = (size_t)random_int(6, 12)};

    feed_through(&none, 0);
    struct outcomes *nothing = run_feed("flow", &none, "");
    EACH_OUTCOME (o, nothing) {
        expect_complete(o, &none);
        expect_done_everywhere(o);
    }

    /* Empty items, at the beginning, in the middle and at the end; and small ones that come out
     * empty. */
    random_ints(hollow.sizes[0], hollow.count, 1, 4);
    hollow.sizes[0][0] = hollow.sizes[0][hollow.count / 2] = hollow.sizes[0][hollow.count - 1] = 0;
    feed_through(&hollow, hollow.count);
    struct outcomes *all = run_feed("flow", &hollow, "");
    EACH_OUTCOME (o, all) {
        expect_complete(o, &hollow);
        expect_done_everywhere(o);
        expect_own_processes(o);
    }
}

LAB_TEST(pipeline_processes, stages_overlap)
{
    long at = random_int(0, 3);
    struct feed f = random_feed((size_t)(at + random_int(4, 7)), 1, 50);
    struct outcomes *all = run("overlap", "seed=%ld keys=%s sizes=%s at=%ld", f.seed,
        join_ints(f.keys, STAGES), join_ints(f.sizes[0], f.count), at);

    EACH_OUTCOME (o, all) {
        expect_that(o, fact_int(o, "all_four") == 1,
            "the caller with result %ld, C on item %ld, B on item %ld and A on item %ld were never "
            "at work at the same time: something is kept back, or waits for another's work to end",
            at + 1, at + 2, at + 3, at + 4);
        expect_own_processes(o);
        expect_complete(o, &f);
        expect_int(o, "sleeps", 0);
        expect_int(o, "yields", 0);
    }
}

LAB_TEST(pipeline_processes, descriptors_are_closed)
{
    static const char *const who[] = {"stage A", "stage B", "stage C", "the caller"};
    static const long most[] = {1, 2, 2, 1};
    static const char *const what[] = {"the end that it writes to",
        "the ends that it reads from and writes to", "the ends that it reads from and writes to",
        "the end that it reads from"};
    struct feed f = random_feed((size_t)random_int(3, 8), 1, 50);
    struct outcomes *all = run_feed("flow", &f, "");

    EACH_OUTCOME (o, all) {
        size_t n;
        const long *open = fact_ints(o, "descriptors", &n);

        expect_own_processes(o);
        for (size_t i = 0; i < n && i <= STAGES; i++)
            expect_that(o, open[i] <= most[i],
                "%s had %ld descriptors open beside those of before the call, and needs %ld: %s",
                who[i], open[i], most[i], what[i]);
    }
}

static void expect_refused(const struct outcome *o, const char *what, long number, int error)
{
    expect_that(o, fact_int(o, "returned") == error,
        "with %s %ld pipeline_run returned %ld, expected the error number of the call that failed "
        "(%d)",
        what, number, fact_int(o, "returned"), error);
    expect_that(o, fact_int(o, "forks") == fact_int(o, "reaped"),
        "with %s %ld, %ld processes were forked and %ld waited for", what, number,
        fact_int(o, "forks"), fact_int(o, "reaped"));
    expect_that(o, fact_int(o, "end_results") == UNTOUCHED,
        "pipeline_run returned an error number and wrote to *ret_end");
    expect_int(o, "signals_kept", 1);
}

/* How many descriptors a solution needs is its own choice: with some room it may succeed. */
LAB_TEST(pipeline_processes, failure_is_reported)
{
    struct feed f = random_feed((size_t)random_int(5, 9), 1, 50);
    char limit[16];

    for (long most = 0; most < STAGES; most++) {
        snprintf(limit, sizeof limit, " most=%ld", most);
        struct outcomes *all = run_feed("no_process", &f, limit);

        EACH_OUTCOME (o, all)
            expect_refused(o, "a number of processes to be had of", most, EAGAIN);
    }
    for (long room = 0; room <= 5; room++) {
        snprintf(limit, sizeof limit, " room=%ld", room);
        struct outcomes *all = run_feed("no_room", &f, limit);

        EACH_OUTCOME (o, all)
            if (room < 3 || fact_int(o, "returned") != 0)
                expect_refused(o, "room for descriptors of", room, EMFILE);
            else
                expect_int(o, "end_results", (long)f.count);
    }
}

/* The first one fails, which leaves nothing behind that the second one could find. */
LAB_TEST(pipeline_processes, pipelines_are_apart)
{
    struct feed f = random_feed((size_t)random_int(5, 9), 1, 50);
    struct outcomes *all = run_feed("one_after_another", &f, "");

    EACH_OUTCOME (o, all) {
        expect_ints(o, "returned", (const long[]){0, 0}, 2);
        expect_ints(o, "end_failed_stage", (const long[]){0, -1}, 2);
        expect_ints(o, "end_error", (const long[]){1, 0}, 2);
        expect_ints(o, "end_results", (const long[]){1, (long)f.count}, 2);
        expect_seen(o, &f, 0, f.count);
    }
}

/* What is promised when `stage` failed on the item at index `at`. */
static void expect_failure(
    const struct outcome *o, const struct feed *f, int stage, size_t at, long error, long signal)
{
    const long none[STAGES] = {0};

    expect_int(o, "returned", 0);
    expect_int(o, "end_failed_stage", stage);
    expect_int(o, "end_error", error);
    expect_int(o, "end_signal", signal);
    expect_int(o, "end_results", (long)at);
    expect_seen(o, f, stage + 1, at);
    expect_ints(o, "dones_from_failed", none, (size_t)(STAGES - stage));
    expect_int(o, "forks", STAGES);
    expect_int(o, "reaped", STAGES);
    expect_int(o, "signals_kept", 1);
}

/* Lets `stage` fail on one of many items. What is left is so much that no pipe holds it: the stages
 * before are sure to find out that nobody reads any more. */
static void fail_in_the_middle(int stage, long error, long signal)
{
    size_t at = (size_t)random_int(1, 6);
    struct feed f = {.count = 100};

    random_ints(f.sizes[0], f.count, 18000, 25000);
    feed_through(&f, at);
    struct outcomes *all = run("failure",
        "seed=%ld keys=%s sizes=%s stage=%d fail_at=%zu upstream=1 %s=%ld", f.seed,
        join_ints(f.keys, STAGES), join_ints(f.sizes[0], f.count), stage, at,
        signal ? "kill_with" : "fail_with", signal ? signal : error);

    EACH_OUTCOME (o, all) {
        size_t n;
        const long *calls = fact_ints(o, "calls", &n);

        expect_failure(o, &f, stage, at, error, signal);
        expect_that(o, n > (size_t)stage && calls[stage] == (long)at + 1,
            "stage %c worked on after the item that it failed on", 'A' + stage);
        for (int s = 0; s < stage && s < (int)n; s++)
            expect_that(o, calls[s] < (long)f.count,
                "stage %c failed on item %zu of %zu, but stage %c worked through all of them",
                'A' + stage, at + 1, f.count, 'A' + s);
    }
}

/* Which of two failures is reported is luck; that number and error are of the same one is not. */
static void fail_twice(void)
{
    struct feed f = random_feed(6, 1, 50);
    long error = random_int(1, 98);
    struct outcomes *all = run("two_failures", "seed=%ld keys=%s sizes=%s fail_with=%ld", f.seed,
        join_ints(f.keys, STAGES), join_ints(f.sizes[0], f.count), error);

    EACH_OUTCOME (o, all) {
        long stage = fact_int(o, "end_failed_stage");

        expect_int(o, "returned", 0);
        expect_that(o, (stage == 0 || stage == 2) && fact_int(o, "end_error") == error + stage,
            "A failed with error %ld and C with error %ld; reported was stage %ld with error %ld",
            error, error + 2, stage, fact_int(o, "end_error"));
        expect_int(o, "end_results", 0);
        expect_int(o, "reaped", STAGES);
    }
}

LAB_TEST(pipeline_processes, error_stops_all)
{
    for (int stage = 0; stage < STAGES; stage++)
        fail_in_the_middle(stage, random_int(1, 100), 0);
    fail_twice();
}

LAB_TEST(pipeline_processes, killed_stage_is_reported)
{
    static const long signals[STAGES] = {SIGKILL, SIGTERM, SIGKILL};

    for (int stage = 0; stage < STAGES; stage++)
        fail_in_the_middle(stage, 0, signals[stage]);
}

LAB_TEST(pipeline_processes, right_in_every_schedule)
{
    struct feed two = random_feed(2, 0, 3);
    struct outcomes *all = run_feed("flow", &two, "");
    EACH_OUTCOME (o, all) {
        expect_complete(o, &two);
        expect_done_everywhere(o);
    }
    struct feed none = {.count = 0};
    feed_through(&none, 0);
    struct outcomes *empty = run_feed("flow", &none, "");
    EACH_OUTCOME (o, empty) {
        expect_complete(o, &none);
        expect_done_everywhere(o);
    }
}

LAB_TEST(pipeline_processes, error_in_every_schedule)
{
    for (int stage = 0; stage < STAGES; stage++) {
        long error = random_int(1, 100);
        struct feed f = random_feed(3, 1, 3);
        struct outcomes *all = run("failure",
            "seed=%ld keys=%s sizes=%s stage=%d fail_at=1 fail_with=%ld", f.seed,
            join_ints(f.keys, STAGES), join_ints(f.sizes[0], f.count), stage, error);

        EACH_OUTCOME (o, all)
            expect_failure(o, &f, stage, 1, error, 0);
    }
}
