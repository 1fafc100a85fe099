/* SPDX-License-Identifier: MIT */
#include "lab/shelf.h"

#include "base/io.h"

#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void complain_of(struct shelf *s, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void complain_of(struct shelf *s, const char *format, ...)
{
    struct buf b = BUF_EMPTY;
    va_list ap;

    va_start(ap, format);
    buf_vprintf(&b, format, ap);
    va_end(ap);
    s->complaints = xrealloc(s->complaints, (s->n_complaints + 1) * sizeof(*s->complaints));
    s->complaints[s->n_complaints++] = buf_detach(&b);
}

static void add_specimen(struct shelf *s, struct specimen specimen)
{
    s->specimens = xrealloc(s->specimens, (s->n_specimens + 1) * sizeof(*s->specimens));
    s->specimens[s->n_specimens++] = specimen;
}

bool shelf_parse_expectation(
    const char *line, char **ret_test, char **ret_tool, enum verdict *ret_verdict)
{
    char test[96], tool[32], verdict[32];

    if (sscanf(line, "// expect: %95[a-z0-9_]@%31[a-z] %31[A-Z_]", test, tool, verdict) != 3 ||
        !verdict_parse(verdict, ret_verdict))
        return false;
    *ret_test = xstrdup(test);
    *ret_tool = xstrdup(tool);
    return true;
}

static void add_wrong(struct shelf *s, const struct manifest *m, const char *path)
{
    struct specimen specimen = {.exercise = m};
    struct buf text = BUF_EMPTY, err = BUF_EMPTY;

    if (io_read_file(path, 0, &text, &err)) {
        complain_of(s, "%s", buf_text(&err));
    } else if (!shelf_parse_expectation(
                   buf_text(&text), &specimen.test, &specimen.tool, &specimen.expected)) {
        complain_of(s, "%s: line 1 must be `// expect: test@tool VERDICT`.", path);
    } else if (!manifest_check(m, specimen.test, specimen.tool)) {
        complain_of(s, "%s: the rubric of %s has no check %s@%s.", path, m->id, specimen.test,
            specimen.tool);
        free(specimen.test);
        free(specimen.tool);
    } else {
        specimen.path = xstrdup(path);
        add_specimen(s, specimen);
    }
    buf_release(&text);
    buf_release(&err);
}

static void add_whole(struct shelf *s, const struct manifest *m, char *path, enum verdict expected)
{
    if (io_is_file(path)) {
        add_specimen(s, (struct specimen){.exercise = m, .path = path, .expected = expected});
        return;
    }
    complain_of(s, "%s is missing.", path);
    free(path);
}

static int only_c_files(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');

    return dot && !strcmp(dot, ".c");
}

static int no_dots(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* Adds every .c file of tests/<unit>/<id>/<kind>/ and complains when there are too few. */
static void add_kind(struct shelf *s, const struct kit *kit, const struct manifest *m,
    const char *kind, int least, bool wrong)
{
    char *directory = kit_path(kit, "tests", m, kind);
    struct dirent **entries = NULL;
    int count = scandir(directory, &entries, only_c_files, alphasort);

    for (int i = 0; i < count; i++) {
        char *path = io_path(directory, entries[i]->d_name);

        if (wrong) {
            add_wrong(s, m, path);
            free(path);
        } else {
            add_whole(s, m, path, VERDICT_PASS);
        }
        free(entries[i]);
    }
    if (count < least)
        complain_of(s, "%s has %d files; every exercise ships at least %d.", directory,
            count < 0 ? 0 : count, least);
    free(entries);
    free(directory);
}

/* Sections that every README has, in this order. */
static const char *const sections[] = {"# ", "## Goal", "## The picture", "## Rules", "## Run it",
    "## Reading a failure", "## Points", "## Going further", NULL};

static void check_readme(struct shelf *s, const struct kit *kit, const struct manifest *m)
{
    char *path = kit_path(kit, "labs", m, "README.md");
    struct buf text = BUF_EMPTY, err = BUF_EMPTY;
    const char *at;

    if (io_read_file(path, 0, &text, &err))
        complain_of(s, "%s", buf_text(&err));
    at = buf_text(&text);
    for (const char *const *section = sections; *section && text.length; section++) {
        const char *found = strstr(at, *section);

        if (!found || (found != buf_text(&text) && found[-1] != '\n'))
            complain_of(s, "%s lacks the section `%s`, or has it out of order.", path, *section);
        else
            at = found + 1;
    }
    buf_release(&text);
    buf_release(&err);
    free(path);
}

static bool is_one_of(const char *name, const char *const *names)
{
    for (; *names; names++)
        if (!strcmp(name, *names))
            return true;
    return false;
}

static void check_stray(struct shelf *s, const struct kit *kit, const struct manifest *m,
    const char *top, const char *const *expected)
{
    char *directory = kit_path(kit, top, m, NULL);
    struct dirent **entries = NULL;
    int count = scandir(directory, &entries, no_dots, alphasort);

    for (int i = 0; i < count; i++) {
        const char *dot = strrchr(entries[i]->d_name, '.');

        /* A probe may have a header beside it. */
        if (!is_one_of(entries[i]->d_name, expected) &&
            (strcmp(top, "tests") || !dot || strcmp(dot, ".h")) && !strstr(entries[i]->d_name, ".before-reset"))
            complain_of(s, "%s/%s has no business there: remove it.", directory,
                entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    free(directory);
}

static void check_files(struct shelf *s, const struct kit *kit, const struct manifest *m)
{
    char *header = xasprintf("%.*s.h", (int)strcspn(m->edit, "."), m->edit);
    const char *const in_labs[] = {"README.md", "lab.conf", m->edit, header, NULL};
    const char *const in_tests[] = {
        "probe.c", "judge.c", "stub.c", "wrong", "alternative", NULL};
    const char *const in_solutions[] = {m->edit, NULL};

    check_stray(s, kit, m, "labs", in_labs);
    check_stray(s, kit, m, "tests", in_tests);
    check_stray(s, kit, m, "solutions", in_solutions);
    free(header);
}

void shelf_add_exercise(struct shelf *s, const struct kit *kit, const struct manifest *m)
{
    double points = manifest_points(m);

    if (points < SHELF_POINTS - 1e-9 || points > SHELF_POINTS + 1e-9)
        complain_of(s, "%s: the points add up to %g, not to %d.", m->file, points, SHELF_POINTS);
    check_readme(s, kit, m);
    check_files(s, kit, m);
    add_whole(s, m, kit_path(kit, "tests", m, "stub.c"), VERDICT_NOT_IMPLEMENTED);
    add_whole(s, m, kit_path(kit, "solutions", m, m->edit), VERDICT_PASS);
    add_kind(s, kit, m, "alternative", SHELF_ALTERNATIVES, false);
    add_kind(s, kit, m, "wrong", SHELF_WRONGS, true);
}

void shelf_release(struct shelf *s)
{
    for (size_t i = 0; i < s->n_specimens; i++) {
        free(s->specimens[i].path);
        free(s->specimens[i].tool);
        free(s->specimens[i].test);
    }
    for (size_t i = 0; i < s->n_complaints; i++)
        free(s->complaints[i]);
    free(s->specimens);
    free(s->complaints);
    *s = SHELF_EMPTY;
}
