/* SPDX-License-Identifier: MIT */
#include "judge.h"

static const long yes[] = {1, 1, 1};

LAB_TEST(shared_global, two_threads)
{
    struct outcomes *all = run("identity", "start=1");

    EACH_OUTCOME (o, all) {
        expect_int(o, "result", 0);
        expect_int(o, "created", 2);
        expect_int(o, "forked", 0);
        expect_ints(o, "pid_is_ours", yes, 3);
        expect_ints(o, "address_is_ours", yes, 3);
        expect_int(o, "main_tid_is_ours", 1);
        expect_that(o, fact_int(o, "a_is_not_main") && fact_int(o, "b_is_not_main"),
            "a thread's note carries the tid of main: its turn was not taken by a new thread");
        expect_int(o, "a_is_not_b", 1);
    }
}

LAB_TEST(shared_global, change_is_seen)
{
    long start = random_int(3, 99);
    struct outcomes *all = run("main_sees", "start=%ld", start);

    EACH_OUTCOME (o, all) {
        expect_str(o, "who", "main");
        expect_int(o, "before", start);
        expect_int(o, "after", 2);
        expect_int(o, "left", 2);
    }
}

static void expect_turns(const struct outcomes *all, long start)
{
    EACH_OUTCOME (o, all) {
        expect_int(o, "result", 0);
        expect_str(o, "who", "Thread-A Thread-B main");
        expect_ints(o, "before", (const long[]){start, 2, start}, 3);
        expect_ints(o, "after", (const long[]){2, 2, 2}, 3);
        expect_int(o, "left", 2);
    }
}

/* First with the number as the student's file defines it, then with one that nobody can guess. */
LAB_TEST(shared_global, turns_are_taken)
{
    long start = random_int(3, 99);

    expect_turns(run("turns", "untouched=1"), 1);
    expect_turns(run("turns", "start=%ld", start), start);
}

LAB_TEST(shared_global, no_race)
{
    struct outcomes *all = run("turns", "start=%ld", random_int(3, 99));

    EACH_OUTCOME (o, all)
        expect_int(o, "result", 0);
}

LAB_TEST(shared_global, memory_is_clean)
{
    struct outcomes *all = run("turns", "start=%ld", random_int(3, 99));

    EACH_OUTCOME (o, all)
        expect_int(o, "result", 0);
}
