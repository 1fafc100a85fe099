/* SPDX-License-Identifier: MIT */
/*
 * Reduction finds the same outcomes as brute force, on generated programs: random threads of a few
 * operations each, with locks, condition variables, semaphores and atomics. Brute force is the
 * bounded search with a bound that no program reaches.
 */
#include "explore/programs.h"

enum { PROGRAMS_WANTED = 40, MOST_SCHEDULES = 2500 };

static uint64_t state;

static unsigned draw(unsigned bound)
{
    state = state * 6364136223846793005ull + 1442695040888963407ull;
    return (unsigned)(state >> 33) % bound;
}

/* Groups of operations, so that locks are given back and waits hold their mutex. Lower case stands
 * for itself; '#' for one digit, the same in the whole group. */
static const char *const groups[] = {"r#", "w#", "i#", "l#", "s#", "a#", "c#", "p#", "q#", "t#",
    "L#r#U#", "L#w#U#", "L#i#U#", "L0W#U0", "L0S#U0", "L0w0S#U0", "L0B#U0", "S#", "R#r#Y#",
    "X#w#Y#", "T#U#", "L0L1U1U0", "L1L0U0U1", "L0r0W#r0U0"};

static void add_thread(struct buf *code, unsigned most)
{
    unsigned used = 0;

    while (used < most) {
        const char *group = groups[draw(sizeof(groups) / sizeof(groups[0]))];
        char digit = (char)('0' + draw(2));
        unsigned length = (unsigned)strlen(group) / 2;

        if (used && used + length > most)
            break;
        for (const char *c = group; *c; c++)
            buf_putc(code, *c == '#' ? digit : *c);
        used += length;
    }
}

static void add_program(struct buf *code)
{
    unsigned threads = 2 + draw(2);

    for (unsigned i = 0; i < threads; i++) {
        if (i)
            buf_putc(code, '.');
        add_thread(code, threads == 2 ? 4 : 2);
    }
}

static struct explore_result explore(
    const char *path, const char *args, enum explore_strategy strategy, int spurious)
{
    struct explore_options o = explore_options_default();
    struct explore_result r = EXPLORE_RESULT_EMPTY;

    o.strategy = strategy;
    o.preemptions = 1000;
    o.schedules = MOST_SCHEDULES;
    o.keep_going = true;
    o.minimise = false;
    o.races_fail = false;
    o.spurious = spurious;
    explore_built(path, "generated", args, &o, &r);
    return r;
}

/* False when the program has too many schedules for brute force. */
static bool same_outcomes(const char *path, const char *args, int spurious)
{
    struct explore_result brute = explore(path, args, EXPLORE_BOUNDED, spurious);
    bool small = brute.complete;

    if (small) {
        struct explore_result reduced = explore(path, args, EXPLORE_DPOR, spurious);
        char *expected = outcome_lines(&brute), *found = outcome_lines(&reduced);

        cr_expect(reduced.complete, "%s: the reduction did not finish", args);
        cr_expect_str_eq(found, expected,
            "%s (spurious %d):\nbrute force, %ld executions\n%s"
            "reduction, %ld\n%s",
            args, spurious, brute.executions, expected, reduced.executions, found);
        cr_expect(reduced.executions <= brute.executions + 2, "%s: %ld executions, brute force %ld",
            args, reduced.executions, brute.executions);
        free(expected);
        free(found);
        explore_result_release(&reduced);
    }
    explore_result_release(&brute);
    return small;
}

static void compare_programs(uint64_t seed, int wanted, int spurious)
{
    char *path = build_program("generated", "");

    state = seed;
    for (int found = 0; found < wanted;) {
        struct buf code = BUF_EMPTY;

        buf_puts(&code, "code=");
        add_program(&code);
        found += same_outcomes(path, buf_text(&code), spurious);
        buf_release(&code);
    }
    free(path);
}

Test(explore_property, reduction_finds_what_brute_force_finds)
{
    const char *seed = getenv("EXPLORE_PROPERTY_SEED"), *wanted = getenv("EXPLORE_PROPERTY_COUNT");

    compare_programs(seed ? strtoull(seed, NULL, 10) : 1,
        wanted ? (int)strtol(wanted, NULL, 10) : PROGRAMS_WANTED, 0);
}

Test(explore_property, also_with_spurious_wake_ups)
{
    compare_programs(7, PROGRAMS_WANTED / 4, 1);
}
