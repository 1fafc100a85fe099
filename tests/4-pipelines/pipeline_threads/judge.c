/* SPDX-License-Identifier: MIT */
#include "judge.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

enum { STAGES = 3, MOST_ITEMS = 64, UNTOUCHED = 0x5a5a };

static const char *const seen_by[STAGES] = {"seen_A", "seen_B", "seen_C"};

/* One run: what goes in, and what has to be seen at each stage. */
struct feed {
    long capacity;
    size_t count;
    long adds[STAGES];
    long at[STAGES + 1][MOST_ITEMS]; /* the items, what B sees, what C sees, the results */
};

static long plus(long a, long b)
{
    return (long)((unsigned long)a + (unsigned long)b);
}

/* Fills in what each stage makes of the items that are in at[0]. */
static void feed_through(struct feed *f)
{
    for (int s = 0; s < STAGES; s++)
        for (size_t i = 0; i < f->count; i++)
            f->at[s + 1][i] = plus(f->at[s][i], f->adds[s]);
}

static struct feed random_feed(long capacity, size_t count)
{
    struct feed f = {.capacity = capacity, .count = count};

    random_ints(f.adds, STAGES, 1, 1000);
    random_ints(f.at[0], count, -100000, 100000);
    feed_through(&f);
    return f;
}

/* Every stage sees each of the values that like to be taken for "no item", once as an item. Between
 * them stands something ordinary, so that a pipeline that stops early has something to lose. */
static struct feed awkward_feed(void)
{
    static const long awkward[] = {0, -1, LONG_MAX, LONG_MIN, INT_MIN, INT_MAX};
    enum { AWKWARD = sizeof awkward / sizeof awkward[0] };
    struct feed f = {.count = AWKWARD * STAGES + 1, .capacity = MOST_ITEMS};

    random_ints(f.adds, STAGES, 1, 1000);
    for (size_t i = 0; i < AWKWARD; i++) {
        f.at[0][i * STAGES] = awkward[i];
        f.at[0][i * STAGES + 1] = plus(awkward[i], -f.adds[0]);
        f.at[0][i * STAGES + 2] = plus(awkward[i], -f.adds[0] - f.adds[1]);
    }
    f.at[0][f.count - 1] = random_int(2, 1000);
    feed_through(&f);
    return f;
}

static struct outcomes *run_feed(const char *scenario, const struct feed *f, const char *more)
{
    return run(scenario, "capacity=%ld adds=%s items=%s%s", f->capacity, join_ints(f->adds, STAGES),
        join_ints(f->at[0], f->count), more);
}

/* Everything came through: what the contract promises about a run without a failure. */
static void expect_complete(const struct outcome *o, const struct feed *f)
{
    expect_int(o, "returned", 0);
    for (int s = 0; s < STAGES; s++)
        expect_ints(o, seen_by[s], f->at[s], f->count);
    expect_ints(o, "results", f->at[STAGES], f->count);
    expect_int(o, "end_results", (long)f->count);
    expect_int(o, "end_failed_stage", -1);
    expect_int(o, "end_error", 0);
    expect_int(o, "threads_created", STAGES);
    expect_int(o, "threads_joined", STAGES);
}

static void expect_done_everywhere(const struct outcome *o)
{
    expect_ints(o, "dones", (const long[]){1, 1, 1}, STAGES);
    expect_ints(o, "done_turns", (const long[]){1, 2, 3}, STAGES);
    expect_that(o, fact_int(o, "calls_after_done") == 0,
        "%ld calls of work() came after the same stage's done()", fact_int(o, "calls_after_done"));
}

LAB_TEST(pipeline_threads, every_item_once_in_order)
{
    long capacity = random_int(2, 4);
    struct feed f = random_feed(capacity, (size_t)(2 * capacity + random_int(5, 15)));
    struct outcomes *all = run_feed("flow", &f, " hold=1");

    EACH_OUTCOME (o, all)
        expect_complete(o, &f);

    /* Fewer items than stages; and a capacity of nothing. */
    struct feed one = random_feed(random_int(1, 4), 1);
    struct outcomes *small = run_feed("flow", &one, "");
    EACH_OUTCOME (o, small)
        expect_complete(o, &one);

    struct feed none = random_feed(0, 2);
    struct outcomes *refused = run_feed("refused", &none, "");
    EACH_OUTCOME (o, refused) {
        expect_that(o, fact_int(o, "returned") == EINVAL,
            "with a capacity of 0 pipeline_run returned %ld, expected EINVAL (%d)",
            fact_int(o, "returned"), EINVAL);
        expect_int(o, "calls", 0);
        expect_int(o, "threads_created", 0);
    }
}

LAB_TEST(pipeline_threads, done_reaches_every_stage)
{
    struct feed none = {.capacity = random_int(1, 4)};
    struct feed awkward = awkward_feed();

    struct outcomes *empty = run_feed("flow", &none, "");
    EACH_OUTCOME (o, empty) {
        expect_complete(o, &none);
        expect_done_everywhere(o);
    }
    struct outcomes *all = run_feed("flow", &awkward, "");
    EACH_OUTCOME (o, all) {
        expect_complete(o, &awkward);
        expect_done_everywhere(o);
        expect_that(o, fact_int(o, "stage_threads") == STAGES && fact_int(o, "thread_changes") == 0,
            "work() and done() of a stage were not called by one and the same thread of its own");
    }
}

LAB_TEST(pipeline_threads, stages_overlap)
{
    long at = random_int(0, 3);
    struct feed f = random_feed(random_int(1, 3), (size_t)(at + random_int(3, 6)));
    struct outcomes *all = run("overlap", "capacity=%ld adds=%s items=%s at=%ld", f.capacity,
        join_ints(f.adds, STAGES), join_ints(f.at[0], f.count), at);

    EACH_OUTCOME (o, all) {
        expect_that(o, fact_int(o, "all_three") == 1,
            "C on item %ld, B on item %ld and A on item %ld were never at work at the same time: "
            "something makes a stage wait for another's work to end",
            at + 1, at + 2, at + 3);
        expect_that(o, fact_int(o, "stage_threads") == STAGES,
            "the stages ran in %ld different threads of their own, expected 3",
            fact_int(o, "stage_threads"));
        expect_int(o, "thread_changes", 0);
        expect_complete(o, &f);
        expect_int(o, "sleeps", 0);
        expect_int(o, "yields", 0);
    }
}

/* One pipeline fails in the middle while another one runs, and then there is a third. */
LAB_TEST(pipeline_threads, pipelines_are_apart)
{
    size_t count = (size_t)random_int(6, 12), half = count / 2;
    struct feed f = random_feed(1, count);
    long results[3 * MOST_ITEMS];
    struct outcomes *all = run_feed("side_by_side", &f, "");

    for (size_t i = 0; i < 2 * count + half; i++)
        results[i] = f.at[STAGES][i < half ? i : (i - half) % count];
    EACH_OUTCOME (o, all) {
        expect_that(o, fact_int(o, "both") == 1,
            "two pipelines in two threads could not be at work at the same time");
        expect_ints(o, "returned", (const long[]){0, 0, 0}, 3);
        expect_ints(o, "end_failed_stage", (const long[]){1, -1, -1}, 3);
        expect_ints(o, "end_results", (const long[]){(long)half, (long)count, (long)count}, 3);
        expect_ints(o, "results", results, 2 * count + half);
    }
}

LAB_TEST(pipeline_threads, queue_is_bounded)
{
    static const char *const pair[][2] = {{"A", "B"}, {"B", "C"}};
    long capacity = random_int(2, 4);
    struct feed f = random_feed(capacity, (size_t)(capacity + random_int(6, 9)));
    struct outcomes *all = run_feed("back_pressure", &f, "");

    EACH_OUTCOME (o, all) {
        size_t pairs;
        const long *fills = fact_ints(o, "fills_queue", &pairs);
        const long *too_far = fact_ints(o, "goes_too_far", &pairs);

        for (size_t i = 0; i < pairs && i < 2; i++) {
            expect_that(o, fills[i] == 1,
                "while %s was at its first item, %s could not begin with item %ld, although the "
                "queue between them holds %ld",
                pair[i][1], pair[i][0], capacity + 2, capacity);
            expect_that(o, too_far[i] == 0,
                "while %s was at its first item, %s began with item %ld: more than %ld waited in "
                "the queue between them",
                pair[i][1], pair[i][0], capacity + 3, capacity);
        }
        expect_complete(o, &f);
    }
}

/* What is promised when `stage` failed with `error` on the item at index `at`. */
static void expect_failure(
    const struct outcome *o, const struct feed *f, int stage, size_t at, long error)
{
    const long none[STAGES] = {0};

    expect_int(o, "returned", 0);
    expect_int(o, "end_failed_stage", stage);
    expect_int(o, "end_error", error);
    expect_int(o, "end_results", (long)at);
    expect_ints(o, "results", f->at[STAGES], at);
    expect_int(o, "stray_results", 0);
    expect_ints(o, seen_by[stage], f->at[stage], at + 1);
    for (int s = stage + 1; s < STAGES; s++)
        expect_ints(o, seen_by[s], f->at[s], at);
    expect_ints(o, "dones_from_failed", none, (size_t)(STAGES - stage));
    expect_int(o, "threads_created", STAGES);
    expect_int(o, "threads_joined", STAGES);
}

/* Lets `stage` fail on one of many items, so that the stages before it are sure to meet a full
 * queue: who tells them? */
static void fail_in_the_middle(int stage, size_t at)
{
    long error = random_int(1, 200), capacity = random_int(1, 3);
    struct feed f = random_feed(capacity, at + 2 * (size_t)capacity + (size_t)random_int(8, 20));
    struct outcomes *all = run("failure",
        "capacity=%ld adds=%s items=%s stage=%d fail_at=%zu fail_with=%ld upstream=1", f.capacity,
        join_ints(f.adds, STAGES), join_ints(f.at[0], f.count), stage, at, error);

    EACH_OUTCOME (o, all) {
        size_t n;
        const long *calls = fact_ints(o, "calls", &n);

        expect_failure(o, &f, stage, at, error);
        for (int s = 0; s < stage && s < (int)n; s++) {
            /* The items that the failed stage began with, the queues, and one in each hand. */
            long most = (long)at + 1 + (stage - s) * (capacity + 1);

            expect_that(o, calls[s] <= most,
                "stage %c failed on item %zu, but stage %c went on to item %ld; with queues of "
                "%ld it can have begun with %ld at most",
                'A' + stage, at + 1, 'A' + s, calls[s], capacity, most);
        }
    }
}

/* Which of two failures is reported is luck; that number and error are of the same one is not. */
static void fail_twice(void)
{
    struct feed f = random_feed(2, 6);
    long error = random_int(1, 100);
    struct outcomes *all = run("two_failures", "capacity=2 adds=%s items=%s fail_with=%ld",
        join_ints(f.adds, STAGES), join_ints(f.at[0], f.count), error);

    EACH_OUTCOME (o, all) {
        long stage = fact_int(o, "end_failed_stage");

        expect_int(o, "returned", 0);
        expect_that(o, (stage == 0 || stage == 2) && fact_int(o, "end_error") == error + stage,
            "A failed with error %ld and C with error %ld; reported was stage %ld with error %ld",
            error, error + 2, stage, fact_int(o, "end_error"));
        expect_int(o, "end_results", 0);
        expect_int(o, "threads_joined", STAGES);
    }
}

static void expect_thread_missed(void)
{
    struct feed f = random_feed(random_int(1, 3), (size_t)random_int(8, 12));
    char most[16];

    for (int started = 0; started < STAGES; started++) {
        snprintf(most, sizeof most, " most=%d", started);
        struct outcomes *all = run_feed("no_thread", &f, most);

        EACH_OUTCOME (o, all) {
            expect_that(o, fact_int(o, "returned") == EAGAIN || fact_int(o, "returned") == ENOMEM,
                "when the thread of stage %c could not be created, pipeline_run returned %ld, "
                "expected the error number of the call that failed: EAGAIN (%d)",
                'A' + started, fact_int(o, "returned"), EAGAIN);
            expect_that(o, fact_int(o, "threads_created") == fact_int(o, "threads_joined"),
                "when the thread of stage %c could not be created, %ld threads had been created and "
                "%ld joined",
                'A' + started, fact_int(o, "threads_created"), fact_int(o, "threads_joined"));
            expect_that(o, fact_int(o, "end_results") == UNTOUCHED,
                "pipeline_run returned an error number and wrote to *ret_end");
        }
    }
}

LAB_TEST(pipeline_threads, failure_is_reported)
{
    expect_thread_missed();
}

LAB_TEST(pipeline_threads, error_stops_all)
{
    for (int stage = 0; stage < STAGES; stage++)
        fail_in_the_middle(stage, (size_t)random_int(1, 5));
    fail_in_the_middle((int)random_int(1, 2), 0);
    fail_twice();
    if (under("asan"))
        expect_thread_missed();
}

static void flow_in_every_schedule(long capacity, size_t count)
{
    struct feed f = random_feed(capacity, count);
    struct outcomes *all = run_feed("flow", &f, "");

    EACH_OUTCOME (o, all) {
        expect_complete(o, &f);
        expect_done_everywhere(o);
    }
}

/* Small on purpose, so that every schedule can be tried. An item and DONE fill a queue of one place
 * and wait for room; in a queue of two places DONE may stand behind the item. */
LAB_TEST(pipeline_threads, right_in_every_schedule)
{
    flow_in_every_schedule(1, 1);
    flow_in_every_schedule(2, 1);
    flow_in_every_schedule(1, 0);
}

static void fail_in_every_schedule(long capacity, int stage, size_t at, size_t count)
{
    long error = random_int(1, 200);
    struct feed f = random_feed(capacity, count);
    struct outcomes *all = run("failure",
        "capacity=%ld adds=%s items=%s stage=%d fail_at=%zu fail_with=%ld", capacity,
        join_ints(f.adds, STAGES), join_ints(f.at[0], f.count), stage, at, error);

    EACH_OUTCOME (o, all)
        expect_failure(o, &f, stage, at, error);
}

LAB_TEST(pipeline_threads, error_in_every_schedule)
{
    fail_in_every_schedule(2, 0, 1, 2);
    fail_in_every_schedule(1, 1, 0, 2);
    fail_in_every_schedule(1, 2, 0, 2);
}
