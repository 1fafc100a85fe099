/* SPDX-License-Identifier: MIT */
/* The parts of lab/ that can be tested without building anything. */
#include "base/io.h"
#include "lab/cache.h"
#include "lab/ending.h"
#include "lab/kit.h"
#include "lab/shelf.h"
#include "lab/similar.h"
#include "lab/tally.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct check check = {.test = "adds", .under = "plain", .title = "it adds", .points = 2};
static struct manifest exercise = {.id = "x", .unit = "1-memory", .edit = "x.c"};

static struct outcome_list *one(enum verdict v, const char *text)
{
    struct outcome_list *l = xcalloc(1, sizeof(*l));

    l->items = xcalloc(1, sizeof(*l->items));
    l->items[0] = OUTCOME_EMPTY;
    l->items[0].verdict = v;
    l->items[0].text = text ? xstrdup(text) : NULL;
    l->items[0].facts = json_object();
    l->count = 1;
    return l;
}

static const char *text_of(const json_t *row, const char *key)
{
    return json_string_value(json_object_get(row, key));
}

/* What the outcome said, what the judge asserted, what Criterion said → the verdict. */
static const struct {
    const char *tool;
    enum verdict outcome;
    int assertions; /* made; the last one fails when it is negative */
    bool passed;
    enum verdict expected;
} decisions[] = {
    {"plain", VERDICT_PASS, 1, true, VERDICT_PASS},
    {"plain", VERDICT_PASS, 0, true, VERDICT_HARNESS_ERROR}, /* asserts nothing: no evidence */
    {"plain", VERDICT_PASS, 1, false, VERDICT_HARNESS_ERROR},
    {"plain", VERDICT_PASS, -1, false, VERDICT_WRONG},
    {"tsan", VERDICT_RACE, 0, false, VERDICT_RACE},
    {"tsan", VERDICT_RACE, -1, false, VERDICT_RACE}, /* RACE is not WRONG */
    {"explore", VERDICT_RACE, 1, false, VERDICT_RACE},
    {"explore", VERDICT_RACE, -1, false, VERDICT_WRONG}, /* a wrong number says more */
    {"explore", VERDICT_DEADLOCK, -1, false, VERDICT_DEADLOCK},
    {"plain", VERDICT_NOT_IMPLEMENTED, 0, false, VERDICT_NOT_IMPLEMENTED},
    {"plain", VERDICT_FORGED, 1, true, VERDICT_FORGED},
    {"asan", VERDICT_LEAK, 3, true, VERDICT_LEAK},
};

Test(tally, a_verdict_follows_from_outcomes_assertions_and_the_runner)
{
    for (size_t i = 0; i < sizeof(decisions) / sizeof(decisions[0]); i++) {
        struct tally t;
        json_t *row;

        check.under = (char *)decisions[i].tool;
        tally_begin(&t, &exercise, &check);
        tally_outcomes(&t, "count", "threads=2", one(decisions[i].outcome, "because"));
        for (int n = 0; n < abs(decisions[i].assertions); n++)
            tally_assertion(&t, decisions[i].assertions > 0, "was 1, expected 2", 0);
        row = tally_row(&t, decisions[i].passed);
        cr_expect_str_eq(
            text_of(row, "verdict"), verdict_name(decisions[i].expected), "case %zu", i);
        cr_expect_float_eq(json_number_value(json_object_get(row, "score")),
            decisions[i].expected == VERDICT_PASS ? 2 : 0, 1e-9);
        json_decref(row);
        tally_release(&t);
    }
    check.under = (char *)"plain";
}

Test(tally, a_fault_of_ours_is_never_the_students)
{
    struct tally t;

    tally_begin(&t, &exercise, &check);
    tally_outcomes(&t, "count", "threads=2", one(VERDICT_CRASH, "crashed"));
    tally_error(&t, "no memory");
    json_t *row = tally_row(&t, false);
    cr_expect_str_eq(text_of(row, "verdict"), "HARNESS_ERROR");
    cr_expect_str_eq(text_of(row, "message"), "no memory");
}

/* How an execution ended → its outcome. */
static const struct {
    enum board_stage stage;
    enum box_end end;
    int status;
    enum verdict found;
    int zombies, children, unjoined, descriptors;
    unsigned survivors;
    enum verdict expected;
} endings[] = {
    {BOARD_COMPLETE, BOX_EXITED, 0, VERDICT_PASS, 0, 0, 0, 0, 0, VERDICT_PASS},
    {BOARD_STARTED, BOX_EXITED, 0, VERDICT_PASS, 0, 0, 0, 0, 0, VERDICT_FORGED},
    {BOARD_EMPTY, BOX_EXITED, 0, VERDICT_PASS, 0, 0, 0, 0, 0, VERDICT_FORGED},
    {BOARD_STARTED, BOX_EXITED, 1, VERDICT_PASS, 0, 0, 0, 0, 0, VERDICT_FORGED},
    {BOARD_STARTED, BOX_SIGNALED, SIGSEGV, VERDICT_PASS, 0, 0, 0, 0, 0, VERDICT_CRASH},
    {BOARD_COMPLETE, BOX_SIGNALED, SIGSEGV, VERDICT_PASS, 0, 0, 0, 0, 0, VERDICT_CRASH},
    {BOARD_STARTED, BOX_CPU, 0, VERDICT_PASS, 0, 0, 0, 0, 0, VERDICT_TIMEOUT},
    {BOARD_STARTED, BOX_WALL, 0, VERDICT_PASS, 0, 0, 0, 0, 0, VERDICT_TIMEOUT},
    {BOARD_STARTED, BOX_MEMORY, 0, VERDICT_PASS, 0, 0, 0, 0, 0, VERDICT_MEMORY},
    {BOARD_STARTED, BOX_TASKS, 0, VERDICT_PASS, 0, 0, 0, 0, 0, VERDICT_PROCESSES},
    {BOARD_STARTED, BOX_OUTPUT, 0, VERDICT_PASS, 0, 0, 0, 0, 0, VERDICT_OUTPUT},
    {BOARD_STARTED, BOX_QUIET, 0, VERDICT_PASS, 0, 0, 0, 0, 0, VERDICT_DEADLOCK},
    {BOARD_COMPLETE, BOX_EXITED, 66, VERDICT_RACE, 0, 0, 0, 0, 0, VERDICT_RACE},
    {BOARD_COMPLETE, BOX_EXITED, 0, VERDICT_RACE, 0, 0, 0, 0, 0, VERDICT_RACE}, /* in a child */
    {BOARD_COMPLETE, BOX_EXITED, 66, VERDICT_PASS, 0, 0, 0, 0, 0, VERDICT_MEMERR},
    {BOARD_STARTED, BOX_EXITED, 66, VERDICT_PASS, 0, 0, 0, 0, 0, VERDICT_MEMERR},
    {BOARD_COMPLETE, BOX_EXITED, 5, VERDICT_PASS, 0, 0, 0, 0, 0, VERDICT_FORGED},
    {BOARD_COMPLETE, BOX_EXITED, 0, VERDICT_PASS, 0, 0, 0, 0, 1, VERDICT_LEFTOVER},
    {BOARD_TODO, BOX_EXITED, 72, VERDICT_PASS, 0, 0, 0, 0, 0, VERDICT_NOT_IMPLEMENTED},
    {BOARD_TODO, BOX_WALL, 0, VERDICT_PASS, 0, 0, 0, 0, 0, VERDICT_NOT_IMPLEMENTED},
    {BOARD_COMPLETE, BOX_EXITED, 0, VERDICT_PASS, 1, 0, 0, 0, 0, VERDICT_LEFTOVER},
    {BOARD_COMPLETE, BOX_EXITED, 0, VERDICT_PASS, 0, 1, 0, 0, 0, VERDICT_LEFTOVER},
    {BOARD_COMPLETE, BOX_EXITED, 0, VERDICT_PASS, 0, 0, 1, 0, 0, VERDICT_LEFTOVER},
    {BOARD_COMPLETE, BOX_EXITED, 0, VERDICT_PASS, 0, 0, 0, 2, 0, VERDICT_LEAK},
    {BOARD_COMPLETE, BOX_EXITED, 0, VERDICT_PASS, 0, 0, 0, -1, 0, VERDICT_PASS},
};

Test(ending, how_it_ended_becomes_a_verdict)
{
    struct buf err = BUF_EMPTY;
    int fd;
    struct board *b = board_create(&fd, &err);

    for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
        struct box_result box = {
            .end = endings[i].end, .status = endings[i].status, .survivors = endings[i].survivors};
        struct outcome found = OUTCOME_EMPTY, o = OUTCOME_EMPTY;
        struct ending e = {
            .board = b, .box = &box, .found = &found, .student = "x.c", .has_detector = true};

        board_request(b, "s", "", 42, &err);
        atomic_store(&b->stage, endings[i].stage);
        atomic_store(&b->end_mark, endings[i].stage == BOARD_COMPLETE ? 42 : 0);
        atomic_store(&b->zombies_left, endings[i].zombies);
        atomic_store(&b->children_left, endings[i].children);
        atomic_store(&b->threads_unjoined, endings[i].unjoined);
        atomic_store(&b->descriptors_left, endings[i].descriptors);
        found.verdict = endings[i].found;
        found.text = xstrdup("found");
        cr_assert(ending_to_outcome(&e, &o, &err) == 0);
        cr_expect_eq(o.verdict, endings[i].expected, "case %zu is %s, expected %s", i,
            verdict_name(o.verdict), verdict_name(endings[i].expected));
        cr_expect(o.verdict == VERDICT_PASS || (o.text && *o.text), "case %zu has no sentence", i);
        outcome_release(&found);
        outcome_release(&o);
    }
}

Test(ending, without_a_detector_its_exit_status_is_only_a_number)
{
    struct buf err = BUF_EMPTY;
    struct box_result box = {.end = BOX_EXITED, .status = 66};
    struct outcome found = OUTCOME_EMPTY, o = OUTCOME_EMPTY;
    int fd;
    struct board *b = board_create(&fd, &err);
    const struct ending e = {.board = b, .box = &box, .found = &found, .student = "x.c"};

    board_request(b, "s", "", 42, &err);
    found.verdict = VERDICT_PASS;
    cr_assert(ending_to_outcome(&e, &o, &err) == 0);
    cr_expect_eq(o.verdict, VERDICT_FORGED);
    outcome_release(&o);
    board_destroy(b, fd);
}

Test(ending, a_broken_probe_is_our_fault)
{
    struct buf err = BUF_EMPTY;
    int fd;
    struct board *b = board_create(&fd, &err);
    struct box_result box = BOX_RESULT_EMPTY;
    struct outcome found = OUTCOME_EMPTY, o = OUTCOME_EMPTY;
    struct ending e = {.board = b, .box = &box, .found = &found, .student = "x.c"};

    board_request(b, "s", "", 42, &err);
    atomic_store(&b->stage, BOARD_BROKEN);
    cr_expect_eq(ending_to_outcome(&e, &o, &err), -1);
}

Test(ending, a_deadlock_names_who_holds_what)
{
    struct buf err = BUF_EMPTY;
    int fd;
    struct board *b = board_create(&fd, &err);
    struct box_result box = {.end = BOX_QUIET};
    struct outcome found = OUTCOME_EMPTY, o = OUTCOME_EMPTY;
    struct ending e = {.board = b, .box = &box, .found = &found, .student = "x.c"};

    found.verdict = VERDICT_PASS;
    board_request(b, "s", "", 42, &err);
    atomic_store(&b->stage, BOARD_STARTED);
    atomic_store(&b->n_tasks, 2);
    atomic_store(&b->tasks[0].state, TASK_IN_JOIN);
    atomic_store(&b->tasks[0].object, 1);
    atomic_store(&b->tasks[1].state, TASK_IN_LOCK);
    atomic_store(&b->tasks[1].object, 0x1000);
    atomic_store(&b->locks[9].address, 0x1000);
    atomic_store(&b->locks[9].owner, 2);
    cr_assert(ending_to_outcome(&e, &o, &err) == 0);
    cr_expect(strstr(o.text, "thread 1 waits for a lock that it holds itself"), "%s", o.text);
    cr_expect(
        strstr(o.text, "the main thread waits for another thread to end (thread 1)"), "%s", o.text);
}

Test(cache, a_key_tells_apart_what_is_split_differently)
{
    struct cache_key a = CACHE_KEY_EMPTY, b = CACHE_KEY_EMPTY, c = CACHE_KEY_EMPTY;

    cache_key_text(&a, "x", "ab");
    cache_key_text(&a, "x", "c");
    cache_key_text(&b, "x", "a");
    cache_key_text(&b, "x", "bc");
    cache_key_text(&c, "x", "ab");
    cache_key_text(&c, "x", "c");
    char *pa = cache_path("d", &a, ".o"), *pb = cache_path("d", &b, ".o"),
         *pc = cache_path("d", &c, ".o");
    cr_expect_str_neq(pa, pb);
    cr_expect_str_eq(pa, pc);
    cr_expect(!strncmp(pa, "d/", 2) && strstr(pa, ".o"));
}

Test(shelf, the_first_line_of_a_wrong_solution_is_read)
{
    char *test = NULL, *tool = NULL;
    enum verdict v;

    cr_expect(shelf_parse_expectation("// expect: no_race@tsan RACE\n", &test, &tool, &v));
    cr_expect_str_eq(test, "no_race");
    cr_expect_str_eq(tool, "tsan");
    cr_expect_eq(v, VERDICT_RACE);
    cr_expect(!shelf_parse_expectation("// expect: no_race RACE\n", &test, &tool, &v));
    cr_expect(!shelf_parse_expectation("// expect: no_race@tsan BAD\n", &test, &tool, &v));
}

Test(similar, stub_lines_and_comments_are_blanked_and_lines_stay_where_they_are)
{
    struct buf out = BUF_EMPTY;

    similar_strip("#include \"x.h\"\n/* mine\n */ int a;\nint  b ;\n}\nchar *s = \"// no\";\n",
        "#include \"x.h\"\nint b;\n", &out);
    cr_expect_str_eq(buf_text(&out), "\n\n    int a;\n\n\nchar *s = \"// no\";\n");
}
