/* SPDX-License-Identifier: MIT */
/*
 * The student's schedule comes as letters (scenario `moves`), is held to the rules here, and then
 * the explorer makes two threads do exactly that (scenario `race`). What the smallest total is, the
 * judge finds out by itself, by looking at every schedule there is.
 */
#include "judge.h"

#include <stdio.h>
#include <string.h>

enum { A, B, MOST_ROUNDS_DRAWN = 8, MOST_MOVES = 216, VALUES = 2 * MOST_ROUNDS_DRAWN + 1 };

/* "A, 6 × B, A" for "ABBBBBBA". */
static const char *spelled(const char *moves)
{
    static char text[16 * MOST_MOVES];
    size_t length = 0;

    text[0] = '\0';
    for (size_t i = 0, times; moves[i]; i += times) {
        times = strspn(moves + i, (const char[]){moves[i], '\0'});
        length += (size_t)snprintf(text + length, sizeof text - length, i ? ", " : "%s", "");
        length += (size_t)snprintf(
            text + length, sizeof text - length, times > 1 ? "%c × %zu" : "%c", moves[i], times);
    }
    return text;
}

/* Are these the steps of two threads, all of them and no more? Says what is off, if not. */
static bool expect_schedule(const struct outcome *o, const char *function, long rounds)
{
    const char *moves = fact_str(o, "moves");
    long taken[2] = {0, 0}, most = 2 * rounds;

    if (!expect_that(o, !has_fact(o, "nobody"),
            "%s lets a thread take steps that is neither A nor B", function) ||
        !expect_that(o, !has_fact(o, "backwards"),
            "%s lets a thread take a negative number of steps; what is done is done", function) ||
        !expect_that(o, *moves != '\0', "%s lets nobody take a step", function))
        return false;
    for (int i = 0; moves[i]; i++) {
        int who = moves[i] == 'B' ? B : A;

        if (!expect_that(o, taken[who]++ < most,
                "with rounds = %ld, step %d of %s is one of thread %c, which has ended: it has taken "
                "all its %ld steps before",
                rounds, i + 1, function, moves[i], most))
            return false;
    }
    for (int who = A; who <= B; who++)
        if (!expect_that(o, taken[who] == most,
                "with rounds = %ld, the schedule of %s is too short: thread %c has taken %ld of its %ld "
                "steps and is about to %s",
                rounds, function, "AB"[who], taken[who], most, taken[who] % 2 ? "write" : "read"))
            return false;
    return true;
}

/* The letters as the explorer reads them, "m1:1,2*6,1*5": threads in the order of their birth, from
 * 1, and how many moves in a row. */
static const char *as_moves(const char *letters)
{
    static char text[4 * MOST_MOVES + 4];
    char *at = text + sprintf(text, "m1:");

    for (size_t times; *letters; letters += times) {
        times = strspn(letters, (const char[]){*letters, '\0'});
        at += sprintf(at, times > 1 ? "%s%d*%zu" : "%s%d", at[-1] == ':' ? "" : ",",
            *letters == 'A' ? 1 : 2, times);
    }
    return text;
}

/* Every state that two threads and a counter can be in, each visited once. */
static bool visited[VALUES][VALUES][VALUES][VALUES][VALUES];

struct state {
    int taken[2]; /* steps */
    int seen[2];  /* what the thread read last */
    int counter;
};

static int smallest_from(struct state s, int steps)
{
    bool *known = &visited[s.taken[A]][s.seen[A]][s.taken[B]][s.seen[B]][s.counter];
    int smallest = VALUES;

    if (s.taken[A] == steps && s.taken[B] == steps)
        return s.counter;
    if (*known)
        return smallest; /* counted where it was met first */
    *known = true;
    for (int who = A; who <= B; who++) {
        struct state next = s;
        int total;

        if (s.taken[who] == steps)
            continue;
        if (next.taken[who]++ % 2 == 0)
            next.seen[who] = s.counter;
        else
            next.counter = s.seen[who] + 1;
        total = smallest_from(next, steps);
        smallest = total < smallest ? total : smallest;
    }
    return smallest;
}

static long smallest_possible(long rounds)
{
    memset(visited, 0, sizeof visited);
    return smallest_from((struct state){.counter = 0}, (int)(2 * rounds));
}

/* The explorer looks at every interleaving of the real threads: it and the search above must agree.
 */
static void expect_agreement(long rounds)
{
    struct outcomes *all = run("race", "rounds=%ld", rounds);
    long smallest = VALUES;

    EACH_OUTCOME (o, all)
        if (fact_int(o, "total") < smallest)
            smallest = fact_int(o, "total");
    cr_expect(smallest == smallest_possible(rounds),
        "the explorer and the judge disagree about the smallest total");
}

static struct outcomes *hand_in(const char *function, long rounds)
{
    long before = rounds == 1 ? random_int(2, 50) : random_int(1, rounds - 1);

    return run("moves", "function=%s rounds=%ld before=%ld", function, rounds, before);
}

static void expect_total(const char *function, long rounds, long expected, const char *because)
{
    struct outcomes *handed_in = hand_in(function, rounds), *all;
    const char *moves = "";

    EACH_OUTCOME (o, handed_in) {
        if (!expect_schedule(o, function, rounds))
            return;
        moves = fact_str(o, "moves");
    }
    all = replay(as_moves(moves), "race", "rounds=%ld", rounds);
    EACH_OUTCOME (o, all)
        expect_that(o, fact_int(o, "total") == expected,
            "with rounds = %ld, the schedule of %s (%s) ends with total = %ld, expected %ld: %s",
            rounds, function, spelled(moves), fact_int(o, "total"), expected, because);
}

static void expect_schedules(const char *function, long rounds)
{
    struct outcomes *all = hand_in(function, rounds);

    EACH_OUTCOME (o, all)
        expect_schedule(o, function, rounds);
}

LAB_TEST(lost_update, lose_one_is_a_schedule)
{
    expect_schedules("lose_one", 1);
    expect_schedules("lose_one", random_int(2, 50));
}

LAB_TEST(lost_update, loses_exactly_one)
{
    const char *because = "exactly one update is to be lost";
    const long rounds[] = {1, random_int(2, MOST_ROUNDS_DRAWN), random_int(9, 50)};

    expect_agreement(1);
    for (int i = 0; i < 3; i++)
        expect_total("lose_one", rounds[i], 2 * rounds[i] - 1, because);
}

LAB_TEST(lost_update, smallest_is_a_schedule)
{
    expect_schedules("smallest_total", 1);
    expect_schedules("smallest_total", random_int(2, 50));
}

LAB_TEST(lost_update, smallest_of_all)
{
    const char *because = "there is a schedule that ends with that, and none with less";
    const long rounds[] = {1, 2, 3, random_int(4, MOST_ROUNDS_DRAWN)};

    expect_agreement(2);
    for (int i = 0; i < 4; i++)
        expect_total("smallest_total", rounds[i], smallest_possible(rounds[i]), because);
    /* Too many for the search. But whatever fewer rounds can end with, more can, too: those that
     * are left over go into the middle of a round whose write forgets them. And less than 2 cannot
     * be: the last write of all adds 1 to what was read after another write. */
    expect_total(
        "smallest_total", random_int(9, 50), smallest_possible(MOST_ROUNDS_DRAWN), because);
}

LAB_TEST(lost_update, memory_is_clean)
{
    expect_schedules("lose_one", random_int(2, 50));
    expect_schedules("smallest_total", random_int(2, 50));
}
