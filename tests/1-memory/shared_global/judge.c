/* SPDX-License-Identifier: MIT */
#include "judge.h"

#include <errno.h>

static const long yes[] = {1, 1, 1};

LAB_TEST(shared_global, two_threads)
{
    struct outcomes *all = run("identity", "start=1");

    EACH_OUTCOME (o, all) {
        expect_int(o, "result", 0);
        expect_int(o, "created", 2);
        expect_int(o, "joined", 2);
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

/* First with the number as the student's file defines it, then with one that nobody can guess, and
 * then a second time: what the first call left behind must not let Thread-B go too early. */
LAB_TEST(shared_global, turns_are_taken)
{
    long start = random_int(3, 99);

    expect_turns(run("turns", "untouched=1"), 1);
    expect_turns(run("turns", "start=%ld", start), start);
    expect_turns(run("turns", "start=%ld again=1", start), start);
}

/* C11 has no error number for "no thread": whoever uses it says ENOMEM for thrd_nomem. */
LAB_TEST(shared_global, failure_is_reported)
{
    for (long most = 0; most <= 1; most++) {
        struct outcomes *all = run("no_thread", "most=%ld start=%ld", most, random_int(3, 99));

        EACH_OUTCOME (o, all) {
            long result = fact_int(o, "result");

            expect_that(o, result == EAGAIN || result == ENOMEM,
                "when thread number %ld could not be created, take_turns returned %ld, expected the "
                "error number of the call that failed: EAGAIN (%d)",
                most + 1, result, EAGAIN);
            expect_that(o, fact_int(o, "created") == fact_int(o, "joined"),
                "when thread number %ld could not be created, %ld threads had been created and %ld "
                "joined",
                most + 1, fact_int(o, "created"), fact_int(o, "joined"));
        }
    }
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
