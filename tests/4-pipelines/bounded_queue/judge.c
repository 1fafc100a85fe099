/* SPDX-License-Identifier: MIT */
#include "judge.h"

#include <errno.h>
#include <limits.h>

enum { OPS = 40, VALUES = 20 };

/* Puts and gets in random order that never have to wait; full and empty are both reached. */
static size_t draw_ops(long capacity, long ops[OPS])
{
    long inside = 0, puts = 0;
    size_t gets = 0;

    for (int i = 0; i < OPS; i++) {
        bool put = inside == 0 || (inside < capacity && puts < VALUES && random_int(0, 1) == 1);

        if (i < capacity)
            put = true;
        else if (i < 2 * capacity)
            put = false;
        if (put && puts == VALUES)
            put = false;
        ops[i] = put ? 1 : 0;
        puts += put ? 1 : 0;
        gets += put ? 0 : 1;
        inside += put ? 1 : -1;
    }
    return gets;
}

/* Any number at all is an item, also those that like to be taken for "nothing". */
static void draw_values(long values[VALUES])
{
    static const long awkward[] = {0, -1, LONG_MIN, LONG_MAX, INT_MAX + 1L};
    enum { AWKWARD = sizeof awkward / sizeof awkward[0] };
    long places[AWKWARD];

    random_ints(values, VALUES, -1000, 1000);
    random_permutation(places, AWKWARD);
    for (int i = 0; i < AWKWARD; i++)
        values[1 + places[i]] = awkward[i];
}

/* The queue is replayed here as an array; the answer is a prefix of the values. With a capacity of
 * 1 it is all of them. */
LAB_TEST(bounded_queue, in_order)
{
    for (int i = 0; i < 2; i++) {
        long capacity = i == 0 ? 1 : random_int(2, 6);
        long ops[OPS], values[VALUES];
        size_t gets = draw_ops(capacity, ops);

        draw_values(values);
        struct outcomes *all = run("alone", "capacity=%ld ops=%s values=%s", capacity,
            join_ints(ops, OPS), join_ints(values, VALUES));
        EACH_OUTCOME (o, all) {
            expect_int(o, "made", 1);
            expect_ints(o, "got", values, gets);
            expect_int(o, "other", 1);
        }
    }

    struct outcomes *large = run("abandoned", "capacity=%ld", random_int(66000, 70000));
    EACH_OUTCOME (o, large)
        if (expect_that(o, fact_int(o, "made") == 1, "there was no queue of a large capacity"))
            expect_int(o, "got", 0);

    struct outcomes *none = run("refused", "capacity=0");
    EACH_OUTCOME (o, none) {
        expect_int(o, "is_null", 1);
        expect_int(o, "error", EINVAL);
    }
}

LAB_TEST(bounded_queue, close_keeps_and_refuses)
{
    const long yes[4] = {1, 1, 1, 1};
    long count = random_int(1, 4), capacity = count + random_int(2, 3), values[4];

    /* There is room for what is put after the close: refusing it is not the same as waiting. */
    random_ints(values, 4, -1000, 1000);
    struct outcomes *all = run(
        "closing", "capacity=%ld values=%s", capacity, join_ints(values, (size_t)count));
    EACH_OUTCOME (o, all) {
        expect_ints(o, "put_open", yes, (size_t)count);
        expect_ints(o, "put_closed", (const long[]){0, 0}, 2);
        expect_ints(o, "get_left", yes, (size_t)count);
        expect_ints(o, "got", values, (size_t)count);
        expect_ints(o, "get_empty", (const long[]){0, 0}, 2);
        expect_ints(o, "untouched", (const long[]){4242, 4242}, 2);
    }
}

LAB_TEST(bounded_queue, both_sides_wait)
{
    long capacity = random_int(1, 4), first = random_int(1, 900), gift = random_int(1, 900);
    long items[5];

    for (int i = 0; i < 5; i++)
        items[i] = first + i;
    struct outcomes *all = run("blocked", "capacity=%ld first=%ld gift=%ld", capacity, first, gift);
    EACH_OUTCOME (o, all) {
        if (!expect_that(o, fact_int(o, "got_through") == 0,
                "queue_put returned although the queue was full (capacity %ld), or queue_get "
                "although it was empty and open",
                capacity))
            continue;
        expect_int(o, "yields", 0);
        expect_int(o, "sleeps", 0);
        expect_int(o, "producer_done", 1);
        expect_int(o, "consumer_done", 1);
        expect_int(o, "received", gift);
        expect_ints(o, "got", items, (size_t)capacity + 1);
    }
}

static void expect_traffic(long capacity, long producers, long items, long consumers)
{
    long sent[16], n = 0;
    struct outcomes *all = run("traffic", "capacity=%ld producers=%ld items=%ld consumers=%ld",
        capacity, producers, items, consumers);

    for (long p = 1; p <= producers; p++)
        for (long i = 0; i < items; i++)
            sent[n++] = 1000 * p + i;
    EACH_OUTCOME (o, all) {
        expect_int(o, "refused", 0);
        expect_ints(o, "received", sent, (size_t)n);
        expect_that(o, fact_int(o, "in_order") == 1,
            "a consumer got one producer's items in another order than they were put");
        expect_that(o, !under("explore") || fact_int(o, "ran_out") == 0,
            "somebody slept with a time limit, and nothing but the clock woke it up");
    }
}

static void expect_one_each(int capacity, int full)
{
    long first = random_int(1, 900);
    struct outcomes *all = run("one_each", "capacity=%d full=%d first=%ld", capacity, full, first);

    EACH_OUTCOME (o, all) {
        expect_ints(o, "done", (const long[]){1, 1}, 2);
        expect_ints(o, "items", (const long[]){first, first + 1}, 2);
    }
}

/* Small on purpose, so that every schedule can be tried: consumers that wait side by side with a
 * producer, producers side by side, more items, or room, than one signal announces, and a signal
 * that could reach the wrong side. */
LAB_TEST(bounded_queue, no_wake_up_is_lost)
{
    expect_traffic(1, 1, 1, 2);
    expect_traffic(1, 2, 1, 1);
    expect_one_each(2, 0);
    expect_one_each(2, 1);
    expect_one_each(1, 0);
}

LAB_TEST(bounded_queue, close_wakes_everyone)
{
    long first = random_int(1, 900);
    struct outcomes *at_empty = run("closed_on", "full=0 first=%ld", first);
    EACH_OUTCOME (o, at_empty) {
        expect_ints(o, "done", (const long[]){0, 0}, 2);
        expect_int(o, "get_empty", 0);
    }

    struct outcomes *at_full = run("closed_on", "full=1 first=%ld", first);
    EACH_OUTCOME (o, at_full) {
        expect_ints(o, "done", (const long[]){0, 0}, 2);
        expect_int(o, "get", 1);
        expect_int(o, "got", first);
        expect_int(o, "get_empty", 0);
    }
}

LAB_TEST(bounded_queue, no_race)
{
    struct outcomes *all = run("traffic", "capacity=%ld producers=3 items=%ld consumers=2",
        random_int(1, 5), random_int(50, 150));

    EACH_OUTCOME (o, all)
        expect_int(o, "refused", 0);
}

/* One thread only: what threads may do to each other is the other checks' business. */
LAB_TEST(bounded_queue, memory_is_clean)
{
    long capacity = random_int(1, 40);
    struct outcomes *all = run("abandoned", "capacity=%ld", capacity);

    EACH_OUTCOME (o, all)
        expect_int(o, "got", 0);
}
