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

/* What is missing is said by check_files(). */
static void add_whole(struct shelf *s, const struct manifest *m, char *path, enum verdict expected)
{
    if (io_is_file(path))
        add_specimen(s, (struct specimen){.exercise = m, .path = path, .expected = expected});
    else
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
        complain_of(s, "%s has %d files; every exercise ships at least %d: %s.", directory,
            count < 0 ? 0 : count, least,
            wrong
                ? "write down mistakes that people make, each with `// expect: test@tool VERDICT` "
                  "as its first line"
                : "solve it in other ways that are as right as yours");
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

    if (io_is_file(path) && io_read_file(path, 0, &text, &err))
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

/* Does lab.conf name the file, as code that the exercise gives to the student beside the contract
 * or as a further file of the probe? */
static bool is_extra(const struct manifest *m, const char *top, const char *name)
{
    char *path = xasprintf("%s/%s/%s/%s", top, m->unit, m->id, name);
    bool found = m->extra && is_one_of(path, (const char *const *)m->extra);

    free(path);
    return found;
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
        if (!is_one_of(entries[i]->d_name, expected) && !is_extra(m, top, entries[i]->d_name) &&
            (strcmp(top, "tests") || !dot || strcmp(dot, ".h")) &&
            !strstr(entries[i]->d_name, ".before-reset"))
            complain_of(
                s, "%s/%s has no business there: remove it.", directory, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    free(directory);
}

/* What every exercise has, and how one comes to have it. NULL: the file that the student edits;
 * ".h": the contract, named like it. */
static const struct part {
    const char *top;
    const char *name;
    const char *fix;
} parts[] = {
    {"labs", "README.md", "write it; docs/add-an-exercise.md has its sections"},
    {"labs", ".h", "write the contract: what each function promises"},
    {"labs", NULL, "write the stub, with LAB_TODO() where something is to be written"},
    {"solutions", NULL, "solve it"},
    {"tests", "probe.c", "write the scenarios, which call the student's code and say facts"},
    {"tests", "judge.c", "write a LAB_TEST for each test that lab.conf names"},
    {"tests", "stub.c", "copy the stub there, for `lab reset` to bring it back"},
};

static char *part_name(const struct part *part, const struct manifest *m)
{
    if (!part->name)
        return xstrdup(m->edit);
    if (*part->name == '.')
        return xasprintf("%.*s%s", (int)strcspn(m->edit, "."), m->edit, part->name);
    return xstrdup(part->name);
}

static void check_parts(struct shelf *s, const struct kit *kit, const struct manifest *m)
{
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        char *name = part_name(&parts[i], m);
        char *path = kit_path(kit, parts[i].top, m, name);

        if (!io_is_file(path))
            complain_of(s, "%s is missing: %s.", path, parts[i].fix);
        free(path);
        free(name);
    }
}

/* A test that the judge does not have would be an error of ours in each run. */
static void check_judge(struct shelf *s, const struct kit *kit, const struct manifest *m)
{
    char *path = kit_path(kit, "tests", m, "judge.c");
    struct buf text = BUF_EMPTY;

    if (io_is_file(path) && !io_read_file(path, 0, &text, NULL)) {
        for (const struct check *c = m->checks; c < m->checks + m->n_checks; c++) {
            char *head = xasprintf("LAB_TEST(%s, %s)", m->id, c->test);

            if (!strstr(buf_text(&text), head))
                complain_of(s, "%s has no %s, which %s names: write it, or mend the name.", path,
                    head, m->file);
            free(head);
        }
    }
    buf_release(&text);
    free(path);
}

static void check_files(struct shelf *s, const struct kit *kit, const struct manifest *m)
{
    char *header = xasprintf("%.*s.h", (int)strcspn(m->edit, "."), m->edit);
    const char *const in_labs[] = {"README.md", "lab.conf", m->edit, header, NULL};
    const char *const in_tests[] = {"probe.c", "judge.c", "stub.c", "wrong", "alternative", NULL};
    const char *const in_solutions[] = {m->edit, NULL};

    check_parts(s, kit, m);
    check_judge(s, kit, m);
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
