/* SPDX-License-Identifier: MIT */
#include "judge.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What the probe's arrays held before, what pool_map.h calls a crash, and the fates of items. */
enum { MOST = 64, OLD_RESULT = -77, CRASHED = -1 };
enum { FATE_RESULT, FATE_KILLED = 2, FATE_ABORTED, FATE_EXITED, FATE_SEGV, FATE_ERROR = 100 };

/* The inputs of a map and what has to come out. */
struct expected {
    long count;
    long factor, summand;
    long values[MOST], fates[MOST];
    long results[MOST], errors[MOST], calls[MOST];
    long failed, crashes;
};

static struct expected draw(long count)
{
    struct expected e = {
        .count = count, .factor = random_int(2, 9), .summand = random_int(-50, 50)};

    random_ints(e.values, (size_t)count, -1000, 1000);
    for (long i = 0; i < count; i++) {
        e.results[i] = e.factor * e.values[i] + e.summand;
        e.calls[i] = 1;
    }
    return e;
}

static void give_fate(struct expected *e, long item, long fate)
{
    e->fates[item] = fate;
    e->results[item] = OLD_RESULT;
    e->errors[item] = fate >= FATE_ERROR ? fate : CRASHED;
    e->crashes += fate < FATE_ERROR;
    e->failed++;
}

static void expect_map(const struct outcome *o, const struct expected *e)
{
    expect_int(o, "failed", e->failed);
    expect_ints(o, "results", e->results, (size_t)e->count);
    expect_ints(o, "errors", e->errors, (size_t)e->count);
    expect_ints(o, "calls", e->calls, (size_t)e->count);
    expect_int(o, "nothing_beyond", 1);
}

/* What holds for the processes of every pool of so many workers. */
static void expect_workers(const struct outcome *o, long workers, long crashes)
{
    expect_that(o, fact_int(o, "in_caller") == 0,
        "the function was called %ld times in the caller's own process: it is the workers' to call",
        fact_int(o, "in_caller"));
    expect_that(o, fact_int(o, "forks") >= workers && fact_int(o, "forks") <= workers + crashes,
        "%ld processes were forked for a pool of %ld workers%s", fact_int(o, "forks"), workers,
        crashes > 0 ? " and as many more as crashed" : "");
    expect_that(o, fact_int(o, "reaped") == fact_int(o, "forks"),
        "%ld processes were forked and %ld waited for", fact_int(o, "forks"),
        fact_int(o, "reaped"));
}

LAB_TEST(pool_map, maps_items)
{
    const long nothing[] = {0, 0}, whole[] = {0, 0, 0};
    struct expected e = draw(random_int(7, 20));
    long chunk = random_int(2, 4);
    char words[MOST * 12] = "";

    if (e.count % chunk == 0)
        e.count--; /* the last chunk is a shorter one */
    for (long i = 0; i < e.count; i++)
        snprintf(words + strlen(words), 12, i ? " %ld" : "%ld", e.results[i]);
    struct outcomes *all = run("alone", "values=%s factor=%ld summand=%ld chunk=%ld",
        join_ints(e.values, (size_t)e.count), e.factor, e.summand, chunk);
    EACH_OUTCOME (o, all) {
        expect_int(o, "opened", 1);
        expect_ints(o, "nothing", nothing, 2);
        expect_ints(o, "failed", whole, 3);
        expect_ints(o, "results", e.results, (size_t)e.count);
        expect_ints(o, "errors", e.errors, (size_t)e.count);
        expect_ints(o, "calls", e.calls, (size_t)e.count);
        expect_int(o, "nothing_beyond", 1);
        expect_str(o, "words", words);
        expect_workers(o, 2, 0); /* two pools, one after the other */
        expect_int(o, "peak", 1);
    }
}

static void expect_together(long workers, long count, long chunk)
{
    const long whole[] = {0, 0};
    long parties = count < workers ? count : workers;
    struct outcomes *all = run(
        "together", "workers=%ld count=%ld chunk=%ld", workers, count, chunk);

    EACH_OUTCOME (o, all) {
        expect_int(o, "opened_with", workers);
        expect_ints(o, "failed", whole, 2);
        expect_that(o, fact_int(o, "missed") == 0,
            "%ld workers, %ld items, chunk %ld: %ld items could not be in work at the same time",
            workers, count, chunk, parties);
        expect_int(o, "hands_meeting", parties);
        expect_at_most(o, "hands", workers);
        expect_workers(o, workers, 0);
        expect_int(o, "peak", workers);
    }
}

LAB_TEST(pool_map, workers_work_together)
{
    long workers = random_int(3, 6);

    expect_together(workers, workers + random_int(5, 20), 1);
    expect_together(random_int(5, 8), random_int(2, 4), 1);
    expect_together(random_int(5, 8), random_int(2, 4), 0);
    workers = random_int(3, 6);
    expect_together(workers, random_int(workers, 4 * workers), 0);
}

LAB_TEST(pool_map, none_waits_behind)
{
    struct expected e = draw(random_int(8, 20));
    struct outcomes *all = run("slow_one", "workers=%ld values=%s factor=%ld summand=%ld chunk=1",
        random_int(2, 4), join_ints(e.values, (size_t)e.count), e.factor, e.summand);

    EACH_OUTCOME (o, all) {
        expect_that(o, fact_int(o, "missed") == 0,
            "items waited behind a slow one although another worker was free");
        expect_map(o, &e);
    }

    long chunk = random_int(2, 4);
    struct outcomes *chunks = run("slow_one",
        "workers=%ld values=%s factor=%ld summand=%ld chunk=%ld", random_int(2, 4),
        join_ints(e.values, (size_t)e.count), e.factor, e.summand, chunk);
    EACH_OUTCOME (o, chunks) {
        expect_that(o, fact_int(o, "missed") == 0,
            "chunks waited behind a slow one although another worker was free");
        expect_map(o, &e);
    }
}

LAB_TEST(pool_map, chunks_stay_together)
{
    long chunk = random_int(2, 5), count = chunk * random_int(3, 5) + random_int(1, chunk - 1);
    struct outcomes *all = run(
        "chunks", "workers=%ld count=%ld chunk=%ld", random_int(2, 4), count, chunk);

    EACH_OUTCOME (o, all) {
        expect_int(o, "failed", 0);
        expect_that(o, fact_int(o, "missed") == 0,
            "the second chunk was not begun while a worker was busy with the first one");
        expect_that(o, fact_int(o, "strangers") == 0,
            "with chunk %ld, %ld items were not done by the worker that did the first item of "
            "their chunk",
            chunk, fact_int(o, "strangers"));
    }

    struct outcomes *one = run("chunks", "workers=2 count=1 chunk=%ld", random_int(5, 90));
    EACH_OUTCOME (o, one)
        expect_int(o, "failed", 0);
}

/* Where in their chunks the crashes are is drawn; one of them is never the first of its chunk, so
 * that there is something done before it, and behind it something to do. */
static struct expected draw_fates(long workers, long chunk)
{
    static const long ways[] = {FATE_KILLED, FATE_ABORTED, FATE_EXITED, FATE_SEGV};
    struct expected e = draw(chunk * (workers + 3) + random_int(1, 3));
    long first = random_int(0, 3);

    for (long c = 0; c <= workers; c++)
        give_fate(&e, c * chunk + (c == 0 ? 1 : random_int(0, chunk - 1)), ways[(first + c) % 4]);
    give_fate(&e, e.count - 1, random_int(FATE_ERROR, 999));
    return e;
}

static void expect_crashes_survived(const struct expected *e, long workers, long chunk)
{
    const long *values = e->values;
    char fates[MOST * 5];

    snprintf(fates, sizeof fates, "%s", join_ints(e->fates, (size_t)e->count));
    struct outcomes *all = run("crashes",
        "workers=%ld chunk=%ld values=%s fates=%s factor=%ld summand=%ld", workers, chunk,
        join_ints(values, (size_t)e->count), fates, e->factor, e->summand);
    EACH_OUTCOME (o, all) {
        expect_map(o, e);
        expect_int(o, "failed_again", 0);
        expect_ints(o, "calls_again", e->calls, (size_t)workers);
        expect_that(o, fact_int(o, "missed") == 0,
            "after %ld crashes the pool had no longer %ld workers", e->crashes, workers);
        expect_workers(o, workers, e->crashes);
    }
}

static void expect_errors_counted(void)
{
    struct expected e = draw(random_int(8, 12));

    give_fate(&e, random_int(1, 3), random_int(FATE_ERROR, 999));
    give_fate(&e, random_int(4, 6), FATE_KILLED);
    char *fates = strdup(join_ints(e.fates, (size_t)e.count));
    struct outcomes *all = run("without_errors", "values=%s fates=%s factor=%ld summand=%ld",
        join_ints(e.values, (size_t)e.count), fates, e.factor, e.summand);

    EACH_OUTCOME (o, all) {
        expect_int(o, "failed", e.failed);
        expect_ints(o, "results", e.results, (size_t)e.count);
    }
    free(fates);
}

LAB_TEST(pool_map, crash_costs_one_item)
{
    long workers = random_int(2, 3), chunk = random_int(3, 5);
    struct expected e = draw_fates(workers, chunk);

    expect_crashes_survived(&e, workers, chunk);
    e = draw_fates(1, chunk);
    expect_crashes_survived(&e, 1, chunk);
    expect_errors_counted();

    long lost[3 * MOST], count = random_int(4, 9);
    for (int i = 0; i < 3 * MOST; i++)
        lost[i] = CRASHED;
    struct outcomes *all = run(
        "all_crash", "workers=2 count=%ld chunk=%ld", count, random_int(1, 3));
    EACH_OUTCOME (o, all) {
        expect_ints(o, "failed", (const long[]){count, count, count}, 3);
        expect_ints(o, "errors", lost, 3 * (size_t)count);
    }
}

/* The bytes that the probe's `large` makes of its items, once more. */
static unsigned char *stretched(size_t count, size_t item, size_t result)
{
    unsigned char *bytes = malloc(count * result);

    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < result; j++) {
            size_t k = j % item;

            bytes[i * result + j] = (unsigned char)((k == 0 ? i : i * 31 + k * 7) + j);
        }
    return bytes;
}

static void expect_large(long workers, long count, long chunk, long item, long result)
{
    long once[MOST];
    unsigned char *bytes = stretched((size_t)count, (size_t)item, (size_t)result);
    struct outcomes *all = run("large",
        "workers=%ld count=%ld chunk=%ld item=%ld result=%ld meeting=%ld", workers, count, chunk,
        item, result, chunk == 1 ? workers : 0);

    for (int i = 0; i < MOST; i++)
        once[i] = 1;
    EACH_OUTCOME (o, all) {
        expect_int(o, "failed", 0);
        expect_ints(o, "calls", once, (size_t)count);
        expect_fingerprint(o, "results", bytes, (size_t)(count * result));
        expect_int(o, "in_caller", 0);
    }
    free(bytes);
}

/* A worker ends while the caller may still be handing it the rest of its chunk. */
static void expect_large_crash(void)
{
    long item = random_int(150000, 200000), count = 6, lost = random_int(0, 1);
    unsigned char *bytes = stretched((size_t)count, (size_t)item, 10);
    struct outcomes *all = run("large",
        "workers=2 count=%ld chunk=3 item=%ld result=10 meeting=0 killed_in=%ld", count, item,
        lost);

    memset(bytes + lost * 10, 0, 10);
    EACH_OUTCOME (o, all) {
        expect_int(o, "failed", 1);
        expect_fingerprint(o, "results", bytes, (size_t)count * 10);
    }
    free(bytes);
}

/* Also more chunks than fit into a pipe: whoever hands them out has to take results meanwhile. */
static void expect_many(void)
{
    long count = random_int(66000, 70000);
    int *results = calloc((size_t)count, sizeof *results);
    struct outcomes *all = run("many", "count=%ld chunk=%ld", count, random_int(130, 400));

    for (long i = 0; i < count; i++)
        results[i] = (int)i + 1;
    EACH_OUTCOME (o, all) {
        expect_int(o, "failed", 0);
        expect_fingerprint(o, "results", results, (size_t)count * sizeof *results);
    }
    free(results);
}

LAB_TEST(pool_map, large_results)
{
    long small = random_int(1, 40), large = random_int(150000, 400000), chunk = random_int(2, 4);

    expect_large(3, random_int(8, 12), 1, small, large);
    expect_large(3, random_int(8, 12), 1, large, small);
    expect_large(2, 2 * chunk + random_int(1, chunk), chunk, large, large); /* a third chunk */
    expect_large(2, random_int(30, 60), random_int(3, 9), small, small);
    expect_large_crash();
    expect_many();
}

LAB_TEST(pool_map, workers_inherit_nothing)
{
    long workers = random_int(4, 8), crashes = random_int(3, 5), usual = 0;
    struct outcomes *one = run("inherited", "workers=1 crashes=0");
    struct outcomes *many = run("inherited", "workers=%ld crashes=0", workers);
    struct outcomes *replaced = run("inherited", "workers=%ld crashes=%ld", workers, crashes);

    EACH_OUTCOME (o, one)
        usual = fact_int(o, "most");
    EACH_OUTCOME (o, many) {
        expect_int(o, "missed", 0);
        expect_that(o, fact_int(o, "most") == usual && fact_int(o, "least") == usual,
            "a worker that is alone has %ld descriptors open; one of %ld has up to %ld: ends of "
            "pipes that are meant for others",
            usual, workers, fact_int(o, "most"));
    }
    EACH_OUTCOME (o, replaced)
        expect_that(o, fact_int(o, "most") == usual,
            "a worker has %ld descriptors open, and after %ld crashes up to %ld: ends of pipes "
            "that are meant for others",
            usual, crashes, fact_int(o, "most"));

    struct outcomes *printed = run("unflushed", "text=1");
    EACH_OUTCOME (o, printed)
        expect_str(o, "printed", "once");
}

LAB_TEST(pool_map, close_and_join)
{
    long workers = random_int(2, 5);
    struct outcomes *all = run("closed", "workers=%ld", workers);

    EACH_OUTCOME (o, all) {
        expect_int(o, "failed", 0);
        expect_int(o, "refused", -1);
        expect_int(o, "error", ESHUTDOWN);
        expect_workers(o, workers, 0);
    }
}

LAB_TEST(pool_map, who_waits_sleeps)
{
    long workers = random_int(2, 4);
    struct outcomes *all = run("idle", "workers=%ld", workers);

    EACH_OUTCOME (o, all) {
        expect_int(o, "failed", 0);
        expect_workers(o, workers, 0);
    }
}

static void expect_no_process(void)
{
    for (long most = 0; most < 4; most++) {
        struct outcomes *all = run("no_process", "workers=4 most=%ld", most);

        EACH_OUTCOME (o, all) {
            expect_that(o, fact_int(o, "opened") == 0 && fact_int(o, "error") == EAGAIN,
                "when fork() number %ld failed, pool_open returned %s with errno %ld, expected NULL "
                "with EAGAIN (%d)",
                most + 1, fact_int(o, "opened") ? "a pool" : "NULL", fact_int(o, "error"), EAGAIN);
            expect_that(o, fact_int(o, "forks") == fact_int(o, "reaped"),
                "when fork() number %ld failed, %ld processes had been forked and %ld waited for",
                most + 1, fact_int(o, "forks"), fact_int(o, "reaped"));
        }
    }
    struct outcomes *all = run("no_replacement", "workers=1");
    EACH_OUTCOME (o, all) {
        expect_that(o, fact_int(o, "failed") == -1 && fact_int(o, "error") == EAGAIN,
            "the only worker crashed and could not be replaced; pool_map returned %ld with errno "
            "%ld, expected -1 with EAGAIN (%d)",
            fact_int(o, "failed"), fact_int(o, "error"), EAGAIN);
        expect_int(o, "reaped", 1);
    }
}

/* How many descriptors a solution needs is its own choice: with some room it may succeed. */
LAB_TEST(pool_map, failure_is_reported)
{
    const long nonsense[] = {0, -random_int(1, 99), 65};

    for (int i = 0; i < 3; i++) {
        struct outcomes *all = run("nonsense", "workers=%ld", nonsense[i]);

        EACH_OUTCOME (o, all) {
            expect_that(o, fact_int(o, "opened") == 0 && fact_int(o, "error") == EINVAL,
                "pool_open with %ld workers gave %s with errno %ld, expected NULL with EINVAL (%d)",
                nonsense[i], fact_int(o, "opened") ? "a pool" : "NULL", fact_int(o, "error"),
                EINVAL);
            expect_int(o, "forks", 0);
        }
    }
    struct outcomes *most = run("nonsense", "workers=64");
    EACH_OUTCOME (o, most) {
        expect_int(o, "opened", 1);
        expect_int(o, "forks", 64);
    }
    for (long room = 0; room <= 10; room++) {
        struct outcomes *all = run("no_room", "workers=4 room=%ld", room);

        EACH_OUTCOME (o, all) {
            bool opened = fact_int(o, "opened");

            expect_that(o, opened ? fact_int(o, "failed") == 0 : fact_int(o, "error") == EMFILE,
                "with room for %ld descriptors pool_open returned %s with errno %ld, expected a "
                "pool that works, or NULL with EMFILE (%d)",
                room, opened ? "a pool" : "NULL", fact_int(o, "error"), EMFILE);
            expect_that(o, fact_int(o, "forks") == fact_int(o, "reaped"),
                "with room for %ld descriptors, %ld processes were forked and %ld waited for", room,
                fact_int(o, "forks"), fact_int(o, "reaped"));
        }
    }
    expect_no_process();
}

static void expect_in_any_order(const struct expected *e, long workers, long chunk)
{
    char fates[MOST * 5];

    snprintf(fates, sizeof fates, "%s", join_ints(e->fates, (size_t)e->count));
    struct outcomes *all = run("any_order",
        "workers=%ld chunk=%ld values=%s fates=%s factor=%ld summand=%ld", workers, chunk,
        join_ints(e->values, (size_t)e->count), fates, e->factor, e->summand);
    EACH_OUTCOME (o, all) {
        expect_map(o, e);
        expect_int(o, "all_reaped", 1);
        expect_that(o, !under("explore") || fact_int(o, "ran_out") == 0,
            "somebody slept with a time limit, and nothing but the clock woke it up");
    }
}

LAB_TEST(pool_map, any_schedule)
{
    struct expected e = draw(2);
    expect_in_any_order(&e, 2, 1);

    e = draw(3);
    give_fate(&e, random_int(0, 2), FATE_EXITED);
    expect_in_any_order(&e, 2, 1);
}

LAB_TEST(pool_map, memory_is_clean)
{
    struct outcomes *refused = run("nonsense", "workers=0");
    EACH_OUTCOME (o, refused)
        expect_int(o, "opened", 0);
    expect_no_process();

    struct expected e = draw(random_int(9, 20));

    give_fate(&e, random_int(1, 3), FATE_EXITED);
    give_fate(&e, random_int(4, 6), random_int(FATE_ERROR, 999));
    expect_in_any_order(&e, random_int(2, 4), random_int(2, 3));
    expect_large(3, random_int(6, 9), 1, random_int(1, 40), random_int(70000, 150000));
}
