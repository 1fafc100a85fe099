/* SPDX-License-Identifier: MIT */
#include "judge.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

LAB_TEST(counter_mutex, counts_alone)
{
    long amounts[6], sums[6], sum = 0;

    random_ints(amounts, 6, -1000, 1000);
    amounts[random_int(0, 2)] = 0;
    amounts[random_int(3, 5)] = random_int(1L << 33, 1L << 40); /* more than an int can hold */
    for (int i = 0; i < 6; i++)
        sums[i] = sum += amounts[i];

    struct outcomes *all = run("alone", "amounts=%s", join_ints(amounts, 6));
    EACH_OUTCOME (o, all) {
        expect_ints(o, "init", (const long[]){0, 0}, 2);
        expect_int(o, "first", 0);
        expect_ints(o, "returned", sums, 6);
        expect_int(o, "other", 1);
        expect_int(o, "last", sum);
        expect_that(o, fact_int(o, "locks") >= 9,
            "7 calls of counter_add and 2 of counter_value locked a mutex only %ld times: every "
            "use of `value` happens under the counter's lock",
            fact_int(o, "locks"));
    }
}

LAB_TEST(counter_mutex, steps_in_order)
{
    long rounds = random_int(3, 8), start = random_int(-50, 50);
    long zeros[8] = {0}, numbers[8];
    char word[16], words[8 * sizeof word] = "";

    snprintf(word, sizeof word, "w%ld", random_int(1000, 9999));
    for (long i = 0; i < rounds; i++)
        snprintf(words + strlen(words), sizeof words - strlen(words), i ? " %s" : "%s", word);
    for (int i = 0; i < 8; i++)
        numbers[i] = i;
    struct outcomes *all = run("in_order", "rounds=%ld start=%ld word=%s", rounds, start, word);
    EACH_OUTCOME (o, all) {
        expect_int(o, "result", 0);
        expect_ints(o, "round", numbers, (size_t)rounds);
        expect_ints(o, "thread", zeros, (size_t)rounds);
        expect_str(o, "context", words);
        expect_int(o, "total", start + rounds);
        expect_int(o, "created", 1);
        expect_int(o, "joined", 1);
    }

    const long nonsense[][2] = {{0, 3}, {-random_int(1, 9), 3}, {65, 1}, {2, -1}};
    for (int i = 0; i < 4; i++) {
        struct outcomes *refused = run(
            "refused", "threads=%ld rounds=%ld", nonsense[i][0], nonsense[i][1]);
        EACH_OUTCOME (o, refused) {
            expect_that(o, fact_int(o, "result") == EINVAL,
                "count_together with %ld threads and %ld rounds returned %ld, expected EINVAL (%d)",
                nonsense[i][0], nonsense[i][1], fact_int(o, "result"), EINVAL);
            expect_int(o, "created", 0);
            expect_int(o, "total", 0);
        }
    }

    struct outcomes *nothing = run("refused", "threads=2 rounds=0"); /* is not refused */
    EACH_OUTCOME (o, nothing) {
        expect_that(o, fact_int(o, "result") == 0,
            "count_together with 2 threads and 0 rounds returned %ld, expected 0",
            fact_int(o, "result"));
        expect_int(o, "total", 0);
    }

    long many = random_int(66000, 70000); /* more than a short can hold */
    struct outcomes *long_run = run("refused", "threads=1 rounds=%ld", many);
    EACH_OUTCOME (o, long_run)
        expect_int(o, "total", many);
}

LAB_TEST(counter_mutex, failure_is_reported)
{
    for (long most = 0; most < 4; most++) {
        struct outcomes *all = run("no_thread", "most=%ld threads=4 rounds=2", most);

        EACH_OUTCOME (o, all) {
            expect_that(o, fact_int(o, "result") == EAGAIN,
                "when pthread_create() number %ld failed, count_together returned %ld, expected "
                "EAGAIN (%d)",
                most + 1, fact_int(o, "result"), EAGAIN);
            expect_that(o, fact_int(o, "created") == fact_int(o, "joined"),
                "when pthread_create() number %ld failed, %ld threads had been created and %ld "
                "joined",
                most + 1, fact_int(o, "created"), fact_int(o, "joined"));
        }
    }
}

LAB_TEST(counter_mutex, addition_shows_at_once)
{
    long rounds = random_int(3, 8), seen[8];

    for (int i = 0; i < 8; i++)
        seen[i] = i;
    struct outcomes *all = run("looking", "rounds=%ld", rounds);
    EACH_OUTCOME (o, all) {
        if (!expect_that(o, fact_int(o, "steps_under_lock") == 0,
                "%ld of %ld steps were called while the counter's lock was held",
                fact_int(o, "steps_under_lock"), rounds))
            continue;
        expect_ints(o, "seen", seen, (size_t)rounds);
        expect_int(o, "total", rounds);
    }
}

LAB_TEST(counter_mutex, threads_run_together)
{
    long threads = random_int(3, 8), rounds = random_int(2, 5);
    struct outcomes *all = run("together", "threads=%ld rounds=%ld meet_in=%ld", threads, rounds,
        random_int(0, rounds - 1));

    EACH_OUTCOME (o, all) {
        expect_int(o, "result", 0);
        expect_int(o, "created", threads);
        expect_int(o, "joined", threads);
        expect_that(o, fact_int(o, "alone_in_step") == 0,
            "the %ld threads could not all be inside a step at the same time: something makes one "
            "thread wait for another's step",
            threads);
        expect_at_least(o, "locks", threads * rounds);
    }
}

static void expect_counted(const struct outcomes *all, long threads, long rounds)
{
    const long once[8] = {1, 1, 1, 1, 1, 1, 1, 1};

    EACH_OUTCOME (o, all) {
        expect_int(o, "result", 0);
        expect_int(o, "total", threads * rounds);
        expect_ints(o, "calls", once, (size_t)(threads * rounds));
        expect_int(o, "stray_calls", 0);
    }
}

LAB_TEST(counter_mutex, no_update_is_lost)
{
    struct outcomes *two = run("count", "threads=2 rounds=1"); /* the smallest that can go wrong */
    expect_counted(two, 2, 1);

    struct outcomes *all = run("tickets", "a=%ld b=%ld", random_int(1, 9), random_int(10, 99));
    EACH_OUTCOME (o, all) {
        expect_that(o, fact_int(o, "one_after_the_other") == 1,
            "what two simultaneous calls of counter_add returned fits to neither order of the two");
        expect_that(o, fact_int(o, "value_was_real") == 1,
            "counter_value returned a value that the counter never had");
    }

    struct outcomes *twice = run("count", "threads=2 rounds=2");
    expect_counted(twice, 2, 2);

    struct outcomes *three = run("count", "threads=3 rounds=1");
    expect_counted(three, 3, 1);
}

LAB_TEST(counter_mutex, lock_is_honoured)
{
    struct outcomes *all = run(
        "neighbour", "start=%ld amount=%ld", random_int(1, 9), random_int(10, 99));

    EACH_OUTCOME (o, all) {
        expect_that(o, fact_int(o, "disturbed") == 0,
            "`value` changed while other code held the counter's lock");
        expect_that(o, fact_int(o, "total_fits") == 1,
            "an addition and other code's change under the counter's lock got mixed up");
    }
}

/* No assertion on the values here: what a race did to them this time is luck, the race is not. */
LAB_TEST(counter_mutex, no_race)
{
    struct outcomes *tickets = run("tickets", "a=%ld b=%ld", random_int(1, 9), random_int(10, 99));
    EACH_OUTCOME (o, tickets)
        expect_int(o, "init", 0);

    struct outcomes *all = run(
        "count", "threads=%ld rounds=%ld", random_int(3, 6), random_int(200, 400));
    EACH_OUTCOME (o, all)
        expect_int(o, "result", 0);
}

LAB_TEST(counter_mutex, memory_is_clean)
{
    struct outcomes *all = run(
        "together", "threads=%ld rounds=%ld meet_in=0", random_int(3, 8), random_int(20, 40));
    EACH_OUTCOME (o, all)
        expect_int(o, "result", 0);

    struct outcomes *most = run("count", "threads=64 rounds=%ld", random_int(1, 3));
    EACH_OUTCOME (o, most)
        expect_int(o, "result", 0);
}
