/* SPDX-License-Identifier: MIT */
/* What is taken from a submission, and what is refused by name. */
#include "gate/foreign.h"
#include "gate/submissions.h"

TestSuite(intake, .init = set_up, .fini = tear_down, .timeout = 60);

Test(intake, the_three_forms_are_found)
{
    static const struct entry entries[] = {
        {"2-races/counter_mutex/counter_mutex.c", "full", 0, 0},
        {"pool_map/pool_map.c", "short", 0, 0},
        {"counter.c", "flat", 0, 0},
        {"README.md", "x", 0, 0},
    };

    EACH_KIND(in, entries)
    {
        cr_expect_eq(in.n_files, 3, "%s", kinds[k]);
        cr_expect_str_eq(bytes_of(&in, "counter_mutex"), "full");
        cr_expect_str_eq(bytes_of(&in, "pool_map"), "short");
        cr_expect_str_eq(bytes_of(&in, "counter"), "flat");
        cr_expect_eq(in.n_remarks, 0);
    }
}

Test(intake, a_whole_repository_may_be_handed_in)
{
    static const struct entry entries[] = {
        {"alice/lab/labs/2-races/counter_mutex/counter_mutex.c", "mine", 0, 0},
        {"alice/lab/labs/2-races/counter_mutex/counter_mutex.h", "header", 0, 0},
        {"alice/lab/solutions/2-races/counter_mutex/counter_mutex.c", "copied", 0, 0},
        {"alice/lab/tests/2-races/counter_mutex/counter_mutex.c", "test", 0, 0},
        {"alice/lab/build/counter_mutex.c", "built", 0, 0},
        {"alice/lab/.git/counter_mutex.c", "hidden", 0, 0},
        {"__MACOSX/counter_mutex.c", "mac", 0, 0},
        {"__MACOSX/alice/._counter_mutex.c", "mac", 0, 0},
    };

    EACH_KIND(in, entries)
    {
        cr_expect_eq(in.n_files, 1, "%s", kinds[k]);
        cr_expect_str_eq(bytes_of(&in, "counter_mutex"), "mine");
        cr_expect_eq(in.n_remarks, 0);
    }
}

Test(intake, the_shallowest_file_wins_and_the_other_is_named)
{
    static const struct entry entries[] = {
        {"old/try/counter_mutex.c", "deep", 0, 0},
        {"new/labs/2-races/counter_mutex/counter_mutex.c", "shallow", 0, 0},
        {"b/pool_map.c", "b", 0, 0},
        {"a/pool_map.c", "a", 0, 0},
        {"counter.c", "flat", 0, 0},
        {"2-races/counter/counter.c", "full", 0, 0},
    };

    EACH_KIND(in, entries)
    {
        cr_expect_str_eq(bytes_of(&in, "counter_mutex"), "shallow", "%s", kinds[k]);
        cr_expect_str_eq(bytes_of(&in, "pool_map"), "a", "%s", kinds[k]);
        cr_expect_str_eq(bytes_of(&in, "counter"), "full", "%s", kinds[k]);
        cr_expect(remarks_on(&in, false, "`old/try/counter_mutex.c` is not used"), "%s", kinds[k]);
        cr_expect(remarks_on(&in, false, "`b/pool_map.c` is not used"), "%s", kinds[k]);
        cr_expect_eq(in.n_remarks, 3);
    }
}

Test(intake, links_and_fifos_are_refused_by_name_and_never_opened)
{
    static const struct entry entries[] = {
        {"counter_mutex.c", "/etc/passwd", AE_IFLNK, 0},
        {"counter.c", "", AE_IFIFO, 0},
        {"pool_map/pool_map.c", "regular", 0, 0},
        {"linked", "/etc", AE_IFLNK, 0},
    };

    for (size_t k = 0; k < 3; k += 2) { /* a .zip holds no FIFO */
        struct intake in = read_as(kinds[k], entries, 4);

        cr_expect_eq(in.n_files, 1);
        cr_expect(remarks_on(&in, true, "`counter_mutex.c` is a link"));
        cr_expect(remarks_on(&in, true, "`counter.c` is a"));
        cr_expect(remarks_on(&in, true, "`linked` is a link"));
        intake_release(&in);
    }
}

Test(intake, a_link_does_not_hide_the_regular_file_below_it)
{
    static const struct entry entries[] = {
        {"counter_mutex.c", "labs/2-races/counter_mutex/counter_mutex.c", AE_IFLNK, 0},
        {"repo/labs/2-races/counter_mutex/counter_mutex.c", "mine", 0, 0},
    };

    EACH_KIND(in, entries)
    {
        cr_expect_str_eq(bytes_of(&in, "counter_mutex"), "mine", "%s", kinds[k]);
        cr_expect(remarks_on(&in, true, "`counter_mutex.c` is a link"));
    }
}

Test(intake, a_linked_directory_leads_nowhere)
{
    static const struct entry outside[] = {{"counter_mutex/counter_mutex.c", "other", 0, 0}};
    char *submission = make_directory(outside, 1), *other = in_scratch("other");

    rename(submission, other);
    io_make_directories(submission, NULL);
    char *link = io_path(submission, "2-races");
    cr_assert_eq(symlink(other, link), 0);
    struct intake in = INTAKE_EMPTY;
    cr_expect_eq(intake_read(AT_FDCWD, submission, wanted, N_WANTED, &in, NULL), 0);
    cr_expect_eq(in.n_files, 0);
    cr_expect(remarks_on(&in, true, "`2-races` is a link"));
    intake_release(&in);
    free(submission);
    free(other);
    free(link);
}

Test(intake, in_a_class_a_linked_submission_is_refused)
{
    char *link = in_scratch("alice");
    int directory = open(scratch, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct intake in = INTAKE_EMPTY;
    struct buf err = BUF_EMPTY;

    cr_assert_eq(symlink("/etc", link), 0);
    cr_expect_eq(intake_read(directory, "alice", wanted, N_WANTED, &in, &err), -1);
    cr_expect(strstr(buf_text(&err), "is a link") != NULL, "%s", buf_text(&err));
    cr_expect_eq(intake_read(directory, "../etc", wanted, N_WANTED, &in, &err), -1);
    cr_expect_eq(intake_read(directory, "/etc", wanted, N_WANTED, &in, &err), -1);
    close(directory);
    free(link);
    buf_release(&err);
}

Test(intake, paths_that_leave_the_archive_are_refused_by_name)
{
    static const struct entry entries[] = {
        {"../counter_mutex.c", "evil", 0, 0},
        {"a/../../counter_mutex.c", "evil", 0, 0},
        {"/counter.c", "evil", 0, 0},
        {"pool_map/pool_map.c", "fine", 0, 0},
    };

    for (size_t k = 1; k < sizeof kinds / sizeof *kinds; k++) {
        struct intake in = read_as(kinds[k], entries, 4);

        cr_expect_eq(in.n_files, 1, "%s", kinds[k]);
        cr_expect(remarks_on(&in, true, "`../counter_mutex.c` is not a path inside"));
        cr_expect(remarks_on(&in, true, "`a/../../counter_mutex.c` is not a path inside"));
        cr_expect(remarks_on(&in, true, "`/counter.c` is not a path inside"), "%s", kinds[k]);
        intake_release(&in);
    }
}

Test(intake, what_is_no_text_is_refused)
{
    char *big = xcalloc(1, INTAKE_FILE_BYTES + 2);
    memset(big, 'x', INTAKE_FILE_BYTES + 1);
    const struct entry entries[] = {
        {"counter_mutex.c", big, 0, 0},
        {"counter.c", "\xff\xfei", 0, 0},
        {"pool_map.c", "int x; // f\xfcr\n", 0, 0},
    };

    EACH_KIND(in, entries)
    {
        cr_expect_eq(in.n_files, 1, "%s", kinds[k]);
        cr_expect_str_eq(bytes_of(&in, "pool_map"), "int x; // f\xfcr\n");
        cr_expect(remarks_on(&in, true, "`counter_mutex.c` is larger than 256 KiB"));
        cr_expect(remarks_on(&in, true, "`counter.c` is UTF-16"));
        cr_expect(remarks_on(&in, false, "`pool_map.c` is not UTF-8 (line 1)"));
    }
    free(big);
}

Test(intake, nul_bytes_are_refused)
{
    char *path = in_scratch("counter_mutex.c");
    struct intake in = INTAKE_EMPTY;

    io_write_file(path, "int\0x;", 6, NULL);
    cr_expect_eq(intake_read(AT_FDCWD, scratch, wanted, N_WANTED, &in, NULL), 0);
    cr_expect_eq(in.n_files, 0);
    cr_expect(remarks_on(&in, true, "contains NUL bytes"));
    intake_release(&in);
    free(path);
}

Test(intake, names_that_are_nearly_right_get_a_hint)
{
    static const struct entry entries[] = {
        {"counter_mutex (1).c", "a", 0, 0},
        {"Pool_Map.C.txt", "b", 0, 0},
        {"counter_other.c", "c", 0, 0},
    };

    EACH_KIND(in, entries)
    {
        cr_expect_eq(in.n_files, 0, "%s", kinds[k]);
        cr_expect(remarks_on(&in, true, "`counter_mutex (1).c` looks like counter_mutex.c"));
        cr_expect(remarks_on(&in, true, "`Pool_Map.C.txt` looks like pool_map.c"));
        cr_expect_eq(in.n_remarks, 2);
    }
}

Test(intake, names_in_remarks_are_clean)
{
    static const struct entry entries[] = {
        {"\033[31m\n\xe2\x80\xae/link", "x", AE_IFLNK, 0},
        {"\xc3\xa4/counter.c", "umlaut", 0, 0},
    };

    EACH_KIND(in, entries)
    {
        cr_expect(remarks_on(&in, true, "`\\x1b[31m\\n\\u202e/link` is a link"), "%s", kinds[k]);
        cr_expect_str_eq(bytes_of(&in, "counter"), "umlaut", "%s", kinds[k]);
    }
}

Test(intake, the_path_may_be_the_c_file_itself)
{
    char *path = in_scratch("counter_mutex.c");
    struct intake in = INTAKE_EMPTY;

    io_write_file(path, "alone", 5, NULL);
    cr_expect_eq(intake_read(AT_FDCWD, path, wanted, N_WANTED, &in, NULL), 0);
    cr_expect_str_eq(bytes_of(&in, "counter_mutex"), "alone");
    intake_release(&in);
    free(path);
}

Test(intake, a_learning_platform_puts_names_in_front)
{
    static const char *const names[][2] = {
        {"lovelaceada_4711_90001_counter_mutex.c", "counter_mutex.c"},
        {"lovelaceada_LATE_4711_90001_counter_mutex.c", "counter_mutex.c"},
        {"lovelaceada_4711_90001_counter_mutex-2.c", "counter_mutex.c"},
        {"x_4711_90001_y_1_2_counter_mutex.c", "y_1_2_counter_mutex.c"}, /* the first are the ids */
        {"lovelaceada_4711_90001_-1.c", "-1.c"},
        {"lovelaceada_4711_90001_.c", NULL},
        {"lovelaceada_4711_90001_notes", NULL},
        {"counter_mutex.c", NULL},
        {"ada_4711_counter_mutex.c", NULL},
        {"", NULL},
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char *own = foreign_own_name(names[i][0]);

        cr_expect_eq(own == NULL, names[i][1] == NULL, "%s", names[i][0]);
        if (own && names[i][1])
            cr_expect_str_eq(own, names[i][1]);
        free(own);
    }
}

Test(intake, what_is_handed_in_instead_of_code_is_named)
{
    static const struct entry entries[] = {
        {"tests/essay.pdf", "x", 0, 0}, /* that is not looked at */
        {"Essay.DOCX", "x", 0, 0},
    };
    static const struct entry with_code[] = {
        {"Essay.DOCX", "x", 0, 0},
        {"counter_mutex.c", "int x;", 0, 0},
    };

    EACH_KIND(in, entries)
    {
        cr_expect(remarks_on(&in, true, "`Essay.DOCX` is a Word document"), "%s", kinds[k]);
        cr_expect_eq(in.n_remarks, 1);
    }
    EACH_KIND(in, with_code)
    {
        cr_expect_eq(in.n_remarks, 0, "%s: beside the code a document is welcome", kinds[k]);
    }
}
