/* SPDX-License-Identifier: MIT */
#include "judge.h"

#include <errno.h>

static const long yes[] = {1, 1, 1};

LAB_TEST(forked_copy, two_processes)
{
    struct outcomes *all = run("identity", "start=%ld", random_int(3, 99));

    EACH_OUTCOME (o, all) {
        if (!expect_that(o, fact_int(o, "came_back") == 0,
                "a child came back from take_turns: it goes on with main's work"))
            continue;
        expect_int(o, "result", 0);
        expect_int(o, "forked", 2);
        expect_int(o, "reaped", 2);
        expect_at_least(o, "pipes", 1);
        expect_int(o, "main_is_us", 1);
        expect_that(o, fact_int(o, "children_are_not_us") == 1,
            "a child's note carries the pid of main: its turn was not taken by a child");
        expect_int(o, "children_differ", 1);
        expect_int(o, "one_thread_each", 1);
    }
}

/* No names here: in which order the notes arrive is the schedule's, what they say is not. */
static void expect_copies(const struct outcome *o, long start)
{
    expect_int(o, "result", 0);
    expect_ints(o, "before", (const long[]){start, start, start}, 3);
    expect_ints(o, "after", (const long[]){2, 2, start}, 3);
    expect_ints(o, "address_is_ours", yes, 3);
    expect_int(o, "left", start);
}

LAB_TEST(forked_copy, each_has_a_copy)
{
    long start = random_int(3, 99);
    struct outcomes *untouched = run("copies", "untouched=1");
    struct outcomes *changed = run("copies", "start=%ld", start);

    EACH_OUTCOME (o, untouched)
        expect_copies(o, 1);
    EACH_OUTCOME (o, changed)
        expect_copies(o, start);
}

LAB_TEST(forked_copy, printed_once)
{
    struct outcomes *all = run("unflushed", "start=%ld", random_int(3, 99));

    EACH_OUTCOME (o, all) {
        expect_int(o, "result", 0);
        expect_str(o, "printed", "once");
    }
}

/* How many pipes a solution needs is its own choice: with a little room it may succeed. */
LAB_TEST(forked_copy, failure_is_reported)
{
    for (long room = 0; room <= 4; room++) {
        struct outcomes *all = run("no_room", "room=%ld", room);

        EACH_OUTCOME (o, all) {
            long result = fact_int(o, "result");

            expect_that(o, result == EMFILE || (result == 0 && room >= 2),
                "with room for %ld more descriptors take_turns returned %ld, expected EMFILE (%d)",
                room, result, EMFILE);
            expect_that(o, fact_int(o, "forked") == fact_int(o, "reaped"),
                "with room for %ld more descriptors, %ld children were forked and %ld waited for",
                room, fact_int(o, "forked"), fact_int(o, "reaped"));
        }
    }
    for (long most = 0; most <= 1; most++) {
        struct outcomes *all = run("no_process", "most=%ld", most);

        EACH_OUTCOME (o, all) {
            expect_that(o, fact_int(o, "result") == EAGAIN,
                "when fork() number %ld failed, take_turns returned %ld, expected EAGAIN (%d)",
                most + 1, fact_int(o, "result"), EAGAIN);
            expect_that(o, fact_int(o, "forked") == fact_int(o, "reaped"),
                "when fork() number %ld failed, %ld children had been forked and %ld waited for",
                most + 1, fact_int(o, "forked"), fact_int(o, "reaped"));
        }
    }
}

LAB_TEST(forked_copy, order_does_not_matter)
{
    long start = random_int(3, 99);
    struct outcomes *all = run("copies", "start=%ld names=1", start);

    EACH_OUTCOME (o, all) {
        expect_copies(o, start);
        expect_str(o, "who", "Process-A Process-B main");
    }
}

LAB_TEST(forked_copy, memory_is_clean)
{
    struct outcomes *all = run("copies", "start=%ld", random_int(3, 99));

    EACH_OUTCOME (o, all)
        expect_int(o, "result", 0);
}
