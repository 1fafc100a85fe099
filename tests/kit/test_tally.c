/* SPDX-License-Identifier: MIT */
/* What a row under explore says of the runs behind it: which one decides, how often, and how much
 * was looked at. */
#include "lab/tally.h"

#include <criterion/criterion.h>
#include <string.h>

static struct check check = {.test = (char *)"no_update_is_lost",
    .under = (char *)"explore",
    .title = (char *)"no update is lost",
    .points = 2};
static struct manifest exercise = {
    .id = (char *)"counter_mutex", .unit = (char *)"2-races", .edit = (char *)"counter_mutex.c"};

static struct outcome ending(long count, const char *total, const char *schedule, int preemptions)
{
    return (struct outcome){.count = count,
        .verdict = VERDICT_PASS,
        .ended = (char *)"ok",
        .facts = json_pack("{s:s}", "total", total),
        .schedule = (char *)schedule,
        .steps = 10,
        .preemptions = preemptions};
}

static const char *text_of(const json_t *row, const char *key)
{
    const char *text = json_string_value(json_object_get(row, key));

    return text ? text : "";
}

/* Two runs: one with a single end, and one that goes wrong in 6 + 2 of 20 interleavings. */
static json_t *failed_row(struct tally *t)
{
    struct outcome good = ending(7, "1", "x1:", 0);
    struct outcome mixed[] = {
        ending(12, "3", "x1:", 0), ending(6, "2", "x1:1,2", 2), ending(2, "1", "x1:2", 1)};
    struct outcome_list first = {&good, 1, (char *)"all 7 interleavings explored", true, false};
    struct outcome_list second = {mixed, 3, (char *)"all 20 interleavings explored", true, false};

    tally_begin(t, &exercise, &check);
    t->seed = 90125;
    tally_outcomes(t, "count", "threads=1", &first);
    tally_assertion(t, true, NULL, 0);
    tally_outcomes(t, "count", "threads=3", &second);
    tally_assertion(t, true, NULL, 1);
    tally_assertion(t, false, "`total` was 2, expected 3", 2);
    tally_assertion(t, false, "`total` was 1, expected 3", 3);
    return tally_row(t, false);
}

Test(tally, counts_are_of_the_run_that_decides)
{
    struct tally t;
    json_t *row = failed_row(&t);

    cr_expect_str_eq(text_of(row, "verdict"), "WRONG");
    cr_expect_str_eq(
        text_of(row, "message"), "`total` was 1, expected 3 (in 8 of 20 interleavings)");
    cr_expect_eq(json_integer_value(json_object_get(row, "interleavings")), 20);
    cr_expect_eq(json_array_size(json_object_get(row, "outcomes")), 3);
}

Test(tally, the_simplest_failing_interleaving_is_shown_with_its_scenario)
{
    struct tally t;
    json_t *row = failed_row(&t);

    cr_expect_str_eq(text_of(row, "schedule"), "count threads=3 seed:90125 x1:2");
}

Test(tally, an_interleaving_that_cannot_be_replayed_is_the_last_to_be_shown)
{
    struct outcome ends[] = {ending(1, "1", NULL, 0), ending(1, "2", "x1:2*9", 9)};
    struct outcome_list list = {
        ends, 2, (char *)"2 interleavings tried; there are more", false, false};
    struct tally t;

    tally_begin(&t, &exercise, &check);
    t.seed = 1; /* what everybody takes who is not told */
    tally_outcomes(&t, "count", "", &list);
    tally_assertion(&t, false, "one", 0);
    tally_assertion(&t, false, "two", 1);
    json_t *row = tally_row(&t, false);
    cr_expect_str_eq(text_of(row, "schedule"), "count x1:2*9");
}

/* What a row that passed claims, for runs that were … */
static const struct {
    long counts[3]; /* 0: no such run */
    bool complete[3], replayed[3];
    const char *claims[3];
    const char *expected;
} claims[] = {
    {{6}, {true}, {false}, {"all 6 interleavings explored"}, "all 6 interleavings explored"},
    {{6, 8}, {true, true}, {false},
        {"all 6 interleavings explored", "all 8 interleavings explored"},
        "all 14 interleavings explored"},
    {{1}, {true}, {false}, {"the only interleaving was explored"},
        "the only interleaving was explored"},
    {{6, 1}, {true, true}, {false},
        {"all 6 interleavings explored", "the only interleaving was explored"},
        "all 6 interleavings explored"},
    {{6, 900}, {true, false}, {false},
        {"all 6 interleavings explored", "900 interleavings tried; there are more"},
        "all 6 interleavings explored; 900 interleavings tried; there are more"},
    {{6, 1, 1}, {true, false, false}, {false, true, true},
        {"all 6 interleavings explored", "one interleaving replayed", "one interleaving replayed"},
        "all 6 interleavings explored; 2 interleavings replayed"},
};

Test(tally, a_pass_claims_what_was_looked_at_and_no_more)
{
    for (size_t i = 0; i < sizeof(claims) / sizeof(claims[0]); i++) {
        struct tally t;

        tally_begin(&t, &exercise, &check);
        for (int run = 0; run < 3 && claims[i].counts[run]; run++) {
            struct outcome end = ending(claims[i].counts[run], "2", "x1:", 0);
            struct outcome_list list = {&end, 1, (char *)claims[i].claims[run],
                claims[i].complete[run], claims[i].replayed[run]};

            tally_outcomes(&t, "count", "threads=2", &list);
            tally_assertion(&t, true, NULL, run);
        }
        json_t *row = tally_row(&t, true);
        cr_expect_str_eq(text_of(row, "verdict"), "PASS");
        cr_expect_str_eq(text_of(row, "message"), claims[i].expected, "case %zu: %s", i,
            text_of(row, "message"));
    }
}
