/* SPDX-License-Identifier: MIT */
/* The parts of `lab class` that can be looked at alone: names of entries, slices, the line of
 * progress. */
#include "base/io.h"
#include "lab/entries.h"
#include "lab/progress.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

enum { NAMES_MOST = 8 };

static char *directory_of(const char *const *files)
{
    char *directory = io_make_temporary("entries", NULL);

    for (; *files; files++) {
        char *path = io_path(directory, *files);

        cr_assert(io_write_file(path, "", 0, NULL) == 0, "%s", path);
        free(path);
    }
    return directory;
}

static const struct {
    const char *files[NAMES_MOST], *names[NAMES_MOST]; /* in order of name */
} naming[] = {
    {{"alice.zip", "Bob M\xc3\xbcller.tar.gz", "carol.docx", ".hidden", "dave.TGZ", NULL},
        {"Bob M\xc3\xbcller", "alice", "carol.docx", "dave", NULL}},
    {{"alice", "alice.zip", NULL}, {"alice", "alice.zip", NULL}},
    {{"alice.zip", "alice.tar.xz", NULL}, {"alice.tar.xz", "alice.zip", NULL}},
    /* A full name that is another's short one. */
    {{"a", "a.zip", "a.zip.zip", NULL}, {"a", "a.zip", "a.zip.zip", NULL}},
    {{".zip", ".tar", NULL}, {NULL}}, /* hidden */
    {{"Thumbs.db", "desktop.ini", "__MACOSX", "x__MACOSX", NULL}, {"x__MACOSX", NULL}},
    /* Cleaned, two names that differ become one. */
    {{"x\xff", "x\\xff", NULL}, {"x\\xff (1)", "x\\xff (2)", NULL}},
    {{"two\nlines.zip", "\x1b[2J.tar", NULL}, {"\\x1b[2J", "two\\nlines", NULL}},
};

Test(entries, every_name_is_unique_and_fit_to_be_shown)
{
    for (size_t i = 0; i < sizeof(naming) / sizeof(naming[0]); i++) {
        char *directory = directory_of(naming[i].files);
        struct entries e = ENTRIES_EMPTY;
        size_t n = 0;

        cr_assert(entries_read(directory, NULL, NULL, &e, NULL) == 0);
        for (; naming[i].names[n]; n++) {
            cr_assert_lt(n, e.count, "row %zu", i);
            cr_expect_str_eq(e.items[n].name, naming[i].names[n], "row %zu", i);
        }
        cr_expect_eq(e.count, n);
        cr_expect_eq(e.chosen, n);
        entries_release(&e);
        io_remove_tree(directory, NULL);
        free(directory);
    }
}

Test(entries, a_pattern_chooses_by_name_or_by_file_and_changes_no_name)
{
    static const char *const files[] = {"alice", "alice.zip", "bob.zip", NULL};
    static const struct {
        const char *only;
        size_t chosen;
    } rows[] = {{"a*", 2}, {"alice.zip", 1}, {"bob", 1}, {"bob.zip", 1}, {"*", 3}, {"c*", 0}};
    char *directory = directory_of(files);

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct entries e = ENTRIES_EMPTY;

        cr_assert(entries_read(directory, rows[i].only, NULL, &e, NULL) == 0);
        cr_expect_eq(e.count, 3);
        cr_expect_eq(e.chosen, rows[i].chosen, "%s: %zu", rows[i].only, e.chosen);
        cr_expect_str_eq(e.items[1].name, "alice.zip");
        entries_release(&e);
    }
    io_remove_tree(directory, NULL);
    free(directory);
}

Test(entries, the_results_are_no_submission)
{
    static const char *const files[] = {"alice", NULL};
    char *directory = directory_of(files), *out = io_path(directory, "results");
    struct entries e = ENTRIES_EMPTY;

    cr_assert(io_make_directories(out, NULL) == 0);
    cr_assert(entries_read(directory, NULL, out, &e, NULL) == 0);
    cr_expect_eq(e.count, 1);
    entries_release(&e);
    io_remove_tree(directory, NULL);
    free(directory);
    free(out);
}

Test(entries, slices_share_out_all_and_each_once)
{
    static const char *const files[] = {"a", "b", "c", "d", "e", NULL};
    char *directory = directory_of(files);
    size_t seen[5] = {0};

    for (size_t slice = 0; slice < 3; slice++) {
        struct entries e = ENTRIES_EMPTY;

        cr_assert(entries_read(directory, NULL, NULL, &e, NULL) == 0);
        entries_keep_slice(&e, slice, 3);
        for (size_t i = 0; i < e.count; i++)
            seen[i] += e.items[i].chosen;
        entries_release(&e);
    }
    for (size_t i = 0; i < 5; i++)
        cr_expect_eq(seen[i], 1);
    io_remove_tree(directory, NULL);
    free(directory);
}

Test(entries, a_missing_directory_is_said)
{
    struct entries e = ENTRIES_EMPTY;
    struct buf err = BUF_EMPTY;

    cr_expect(entries_read("/no/such", NULL, NULL, &e, &err) == -1);
    cr_expect(strstr(buf_text(&err), "/no/such"));
    buf_release(&err);
}

static const struct {
    struct progress progress;
    long long elapsed_ms;
    const char *who;
    size_t columns;
    const char *line;
} lines[] = {
    {{.total = 300}, 0, "ann", 79, "0 of 300: ann"},
    {{.total = 300, .done = 100}, 49999, "ann", 79, "100 of 300, 2.0 a second, 2 min left: ann"},
    {{.total = 300, .done = 100}, 9999, "ann", 79, "100 of 300, 10.0 a second, 20 s left: ann"},
    {{.total = 300, .done = 12}, 179999, "ann, bob", 79,
        "12 of 300, 4.0 a minute, 72 min left: ann, bob"},
    {{.total = 300, .done = 1}, 7199999, "ann", 79, "1 of 300, 0.5 an hour, 598 h 0 min left: ann"},
    /* What was not graded says nothing about what will be. */
    {{.total = 300, .skipped = 200}, 100, "ann", 79, "200 of 300: ann"},
    {{.total = 300, .skipped = 200, .done = 50}, 24999, "", 79,
        "250 of 300, 2.0 a second, 25 s left"},
    {{.total = 3}, 0, "\xf0\x9f\x90\x99 Zo\xc3\xab", 79, "0 of 3: \xf0\x9f\x90\x99 Zo\xc3\xab"},
    {{.total = 3}, 0, "a\x1b[2Jb\n", 79, "0 of 3: a\\x1b[2Jb\\n"},
    {{.total = 3}, 0, "somebody with a long name", 20, "0 of 3: somebody ..."},
};

Test(progress, the_line_says_how_many_how_fast_how_long_and_who)
{
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        struct buf line = BUF_EMPTY;

        progress_line(
            &lines[i].progress, lines[i].elapsed_ms, lines[i].who, lines[i].columns, &line);
        cr_expect_str_eq(buf_text(&line), lines[i].line, "row %zu: %s", i, buf_text(&line));
        buf_release(&line);
    }
}
