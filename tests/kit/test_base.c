/* SPDX-License-Identifier: MIT */
#include "base/board.h"
#include "base/buf.h"
#include "base/fingerprint.h"
#include "base/io.h"
#include "base/outcome.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

Test(buf, text_grows_and_an_empty_one_can_be_released)
{
    struct buf b = BUF_EMPTY;

    cr_expect_str_eq(buf_text(&b), "");
    buf_release(&b);
    for (int i = 0; i < 1000; i++)
        buf_printf(&b, "%d,", i % 10);
    cr_expect_eq(b.length, 2000);
    cr_expect(!strncmp(buf_text(&b), "0,1,2,", 6));
    buf_release(&b);
}

Test(buf, a_failure_may_quote_the_failure_before_it)
{
    struct buf err = BUF_EMPTY;

    fail(&err, "inner");
    cr_expect_eq(fail(&err, "outer: %s", buf_text(&err)), -1);
    cr_expect_str_eq(buf_text(&err), "outer: inner");
    buf_release(&err);
}

Test(verdict, every_name_parses_back)
{
    for (int v = 0; v < VERDICT_COUNT; v++) {
        enum verdict back = VERDICT_COUNT;

        cr_expect(verdict_parse(verdict_name((enum verdict)v), &back));
        cr_expect_eq((int)back, v);
        cr_expect(*verdict_meaning((enum verdict)v));
    }
    enum verdict none = VERDICT_PASS;
    cr_expect(!verdict_parse("GREAT", &none));
}

Test(outcome, survives_its_way_through_json)
{
    struct outcome o = OUTCOME_EMPTY, back = OUTCOME_EMPTY;
    struct buf err = BUF_EMPTY;
    json_t *j;

    o.count = 14;
    o.verdict = VERDICT_RACE;
    o.ended = xstrdup("race");
    o.text = xstrdup("two threads");
    o.schedule = xstrdup("x1:0*2");
    o.steps = 9;
    o.preemptions = 1;
    o.facts = json_pack("{s:s}", "total", "2");
    outcome_add_finding(&o, "race", "x.c", 7, "text");
    outcome_add_finding(&o, NULL, NULL, 0, NULL);
    j = outcome_to_json(&o);
    cr_assert(outcome_from_json(j, &back, &err) == 0, "%s", buf_text(&err));
    cr_expect_eq(back.count, 14);
    cr_expect_eq(back.verdict, VERDICT_RACE);
    cr_expect_str_eq(back.schedule, "x1:0*2");
    cr_expect_eq(back.n_findings, 2);
    cr_expect_str_eq(back.findings[0].file, "x.c");
    cr_expect_str_eq(outcome_fact(&back, "total"), "2");
    cr_expect_null(outcome_fact(&back, "nothing"));
    json_decref(j);
    outcome_release(&o);
    outcome_release(&back);
}

Test(outcome, text_that_is_not_utf8_does_not_get_lost)
{
    struct outcome o = OUTCOME_EMPTY;
    json_t *j;

    o.text = xstrdup("caf\xe9");
    j = outcome_to_json(&o);
    cr_expect_str_eq(json_string_value(json_object_get(j, "text")), "caf?");
    json_decref(j);
    outcome_release(&o);
}

/* The transcript is written by hands that nobody trusts. */
static struct board *board_with(const char *transcript, size_t length)
{
    struct buf err = BUF_EMPTY;
    int fd;
    struct board *b = board_create(&fd, &err);

    cr_assert(b && board_request(b, "s", "a=1", 42, &err) == 0, "%s", buf_text(&err));
    memcpy(b->transcript, transcript, length);
    atomic_store(&b->used, (uint32_t)length);
    return b;
}

Test(board, facts_said_twice_are_a_list)
{
    static const char text[] = "n 1\nn 2\nword a%20b%0ac%25\nnone \n";
    struct buf err = BUF_EMPTY;
    json_t *facts = board_facts(board_with(text, strlen(text)), &err);

    cr_assert(facts, "%s", buf_text(&err));
    cr_expect_str_eq(json_string_value(json_object_get(facts, "n")), "1 2");
    cr_expect_str_eq(json_string_value(json_object_get(facts, "word")), "a%20b\nc%");
    cr_expect_str_eq(json_string_value(json_object_get(facts, "none")), "");
    json_decref(facts);
}

Test(board, a_garbled_transcript_is_refused)
{
    static const struct {
        const char *text;
        size_t length;
    } garbled[] = {
        {"n 1", 3}, {" 1\n", 3}, {"name\n", 5}, {"n \xff\n", 4}, {"\n", 1}, {"a \0\n", 4}};

    for (size_t i = 0; i < sizeof(garbled) / sizeof(garbled[0]); i++) {
        struct buf err = BUF_EMPTY;
        json_t *facts = board_facts(board_with(garbled[i].text, garbled[i].length), &err);

        cr_expect(!facts || i == 5, "case %zu was taken", i);
        cr_expect(facts || strstr(buf_text(&err), "garbled"));
        json_decref(facts);
    }
}

Test(board, a_transcript_that_overflowed_is_refused)
{
    struct board *b = board_with("n 1\n", 4);
    struct buf err = BUF_EMPTY;

    atomic_store(&b->used, UINT32_MAX);
    cr_expect_null(board_facts(b, &err));
    cr_expect(strstr(buf_text(&err), "more facts"));
}

Test(board, an_end_without_the_mark_is_no_end)
{
    struct board *b = board_with("", 0);

    atomic_store(&b->stage, BOARD_COMPLETE);
    cr_expect_eq(board_stage(b), BOARD_STARTED);
    atomic_store(&b->end_mark, 42);
    cr_expect_eq(board_stage(b), BOARD_COMPLETE);
    atomic_store(&b->stage, 999);
    cr_expect_eq(board_stage(b), BOARD_STARTED);
}

/* Why the challenge is fresh: with the old one, what an earlier run wrote would be an end. */
Test(board, the_end_mark_of_an_earlier_run_counts_only_for_its_challenge)
{
    struct board *b = board_with("", 0);

    board_request(b, "s", "", 43, NULL);
    atomic_store(&b->stage, BOARD_COMPLETE);
    atomic_store(&b->end_mark, 42);
    cr_expect_eq(board_stage(b), BOARD_STARTED);
    board_request(b, "s", "", 42, NULL);
    atomic_store(&b->stage, BOARD_COMPLETE);
    atomic_store(&b->end_mark, 42);
    cr_expect_eq(board_stage(b), BOARD_COMPLETE);
}

static bool yes(void *arg, int pid)
{
    (void)arg;
    return pid != 7; /* 7 was killed */
}

Test(board, all_wait_needs_everybody_who_lives)
{
    struct board *b = board_with("", 0);

    cr_expect(!board_all_wait(b, yes, NULL), "nobody is no deadlock");
    atomic_store(&b->n_tasks, 3);
    atomic_store(&b->tasks[0].state, TASK_IN_JOIN);
    atomic_store(&b->tasks[1].state, TASK_IN_LOCK);
    cr_expect(board_all_wait(b, yes, NULL));
    atomic_store(&b->tasks[2].state, TASK_RUNNING);
    cr_expect(!board_all_wait(b, yes, NULL));
    atomic_store(&b->tasks[2].pid, 7);
    cr_expect(board_all_wait(b, yes, NULL), "a killed process does not run");
    atomic_store(&b->tasks[1].state, TASK_IN_SLEEP);
    cr_expect(!board_all_wait(b, yes, NULL), "a sleeper wakes by itself");
}

Test(board, meetings_break_once)
{
    struct board *b = board_with("", 0);

    cr_expect(!board_break_meetings(b));
    atomic_store(&b->meetings[3].name_hash, 5);
    atomic_store(&b->meetings[3].inside, 1);
    cr_expect(board_break_meetings(b));
    cr_expect_eq(atomic_load(&b->meetings[3].done), 2);
    cr_expect(!board_break_meetings(b));
}

Test(board, a_request_that_is_too_long_is_refused)
{
    struct board *b = board_with("", 0);
    struct buf err = BUF_EMPTY;
    char args[BOARD_ARGS + 1];

    memset(args, 'a', BOARD_ARGS);
    args[BOARD_ARGS] = '\0';
    cr_expect_eq(board_request(b, "s", args, 1, &err), -1);
}

Test(io, a_file_is_replaced_whole_and_read_back)
{
    struct buf err = BUF_EMPTY, text = BUF_EMPTY;
    char *directory = io_make_temporary("io", &err), *path = io_path(directory, "a/b/c");

    cr_expect_eq(io_write_file(path, "x", 1, &err), -1);
    cr_expect(strstr(buf_text(&err), "a/b/c"));
    char *parent = io_path(directory, "a/b");
    cr_assert(io_make_directories(parent, &err) == 0);
    cr_assert(io_write_file(path, "first", 5, &err) == 0);
    cr_assert(io_write_file(path, "second", 6, &err) == 0);
    cr_assert(io_read_file(path, 0, &text, &err) == 0);
    cr_expect_str_eq(buf_text(&text), "second");
    cr_expect_eq(io_read_file(path, 3, &text, &err), -1);
    cr_expect_eq(io_make_directories(path, &err), -1);
    cr_expect(strstr(buf_text(&err), "not a directory") ||
              strstr(buf_text(&err), "Not a directory") || strstr(buf_text(&err), "in the way"));
    cr_assert(io_remove_tree(directory, &err) == 0);
    cr_expect(access(directory, F_OK) != 0);
    cr_expect_eq(io_remove_tree(directory, &err), 0);
}

Test(fingerprint, is_fnv1a)
{
    cr_expect(fnv1a("", 0) == 0xcbf29ce484222325u);
    cr_expect(fnv1a("foobar", 6) == 0x85944171f73967e8u); /* from the authors' test vectors */
}
