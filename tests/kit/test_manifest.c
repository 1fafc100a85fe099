/* SPDX-License-Identifier: MIT */
#include "base/io.h"
#include "lab/manifest.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#define HEAD                                                                      \
    "version = 1;\ntitle = \"T\";\nconcept = \"C\";\norder = 10;\nminutes = 5;\n" \
    "edit = \"x.c\";\nhints = (\"a\", \"b\", \"c\");\n"
#define CHECK "{ test = \"one\"; under = \"plain\"; points = 4; title = \"t\"; }"

static int read_text(const char *text, struct manifest *m, struct buf *err)
{
    struct buf ignored = BUF_EMPTY;
    char *directory = io_make_temporary("manifest", &ignored);
    char *path = io_path(directory, "lab.conf");
    int result;

    cr_assert(io_write_file(path, text, strlen(text), &ignored) == 0);
    result = manifest_read(path, "1-memory", "x", m, err);
    io_remove_tree(directory, NULL);
    free(directory);
    free(path);
    return result;
}

Test(manifest, a_whole_manifest_is_read)
{
    struct manifest m = MANIFEST_EMPTY;
    struct buf err = BUF_EMPTY;

    cr_assert(read_text(HEAD "allow = [ \"a\", \"b\" ];\nlimits = { tasks = 9; };\n"
                             "explore = { schedules = 7; spurious = 0; };\nchecks = ( " CHECK
                             ", { test = \"two\"; under = \"tsan\"; points = 0.5; title = \"u\"; "
                             "needs = \"one@plain\"; } );\n",
                  &m, &err) == 0,
        "%s", buf_text(&err));
    cr_expect_str_eq(m.title, "T");
    cr_expect_str_eq(m.hints[2], "c");
    cr_expect_str_eq(m.allow[1], "b");
    cr_expect_null(m.allow[2]);
    cr_expect_eq(m.limit_tasks, 9);
    cr_expect_eq(m.explore_schedules, 7);
    cr_expect_eq(m.explore_spurious, 0);
    cr_expect_eq(m.n_checks, 2);
    cr_expect_float_eq(manifest_points(&m), 4.5, 1e-9);
    cr_expect_not_null(manifest_check(&m, "two", "tsan"));
    cr_expect_null(manifest_check(&m, "two", "plain"));
    cr_expect(manifest_uses(&m, "tsan") && !manifest_uses(&m, "asan"));
    manifest_release(&m);
}

/* What is wrong with a manifest is said with its line, and with what is allowed. */
static const struct {
    const char *text;
    const char *line;
    const char *words;
} broken[] = {
    {HEAD "colour = 1;\nchecks = ( " CHECK " );\n", ":8:", "no key `colour`"},
    {HEAD "colour = 1;\nchecks = ( " CHECK " );\n", ":8:", "allowed are version, title"},
    {"version = 1;\ntitle = 5;\n", ":2:", "`title` must be a string"},
    {"version = 2;\n", ":1:", "between 1 and 1"},
    {"version = 1;\n", "", "`title` is missing"},
    {HEAD, "", "`checks` is missing"},
    {HEAD "checks = ();\n", ":8:", "list of groups"},
    {HEAD "checks = ( { test = \"one\"; under = \"gdb\"; points = 1; title = \"t\"; } );\n",
        ":8:", "no tool `gdb`"},
    {HEAD "checks = ( " CHECK ", " CHECK " );\n", ":8:", "there twice"},
    {HEAD "checks = ( { test = \"one\"; under = \"plain\"; points = 1; title = \"t\"; needs = "
          "\"two@plain\"; } );\n",
        ":8:", "names no earlier check"},
    {HEAD "checks = ( { test = \"one\"; under = \"plain\"; points = \"x\"; title = \"t\"; } );\n",
        ":8:", "`points` must be a number"},
    {HEAD "limits = { tasks = 0; };\nchecks = ( " CHECK " );\n", ":8:", "between 1 and 4096"},
    {HEAD "limits = { cores = 2; };\nchecks = ( " CHECK " );\n", ":8:", "no key `cores`"},
    {HEAD "allow = \"x\";\nchecks = ( " CHECK " );\n", ":8:", "list of strings"},
    {HEAD "checks = ( ;\n", ":8:", "syntax error"},
};

Test(manifest, a_fault_is_named_with_its_line)
{
    for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
        struct manifest m = MANIFEST_EMPTY;
        struct buf err = BUF_EMPTY;

        cr_expect(read_text(broken[i].text, &m, &err) == -1, "case %zu was read", i);
        cr_expect(strstr(buf_text(&err), broken[i].line) && strstr(buf_text(&err), broken[i].words),
            "case %zu says: %s", i, buf_text(&err));
        buf_release(&err);
    }
}

Test(manifest, three_hints_no_more_no_less)
{
    struct manifest m = MANIFEST_EMPTY;
    struct buf err = BUF_EMPTY;

    cr_expect(read_text("version = 1;\ntitle = \"T\";\nconcept = \"C\";\norder = 1;\nminutes = 5;\n"
                        "edit = \"x.c\";\nhints = (\"a\");\nchecks = ( " CHECK " );\n",
                  &m, &err) == -1);
    cr_expect(strstr(buf_text(&err), "exactly three"));
}
