/* SPDX-License-Identifier: MIT */
/*
 * programs - builds small programs for the explorer's tests, the way `lab` builds them, and
 * explores them. A program is built once for each set of definitions and kept in
 * build/tests/explore/.
 *
 *     struct explore_result r = explore_program("readers", "-DN=8", options);
 *
 * Everything ends the test with a sentence when it does not work.
 */
#ifndef TESTS_EXPLORE_PROGRAMS_H
#define TESTS_EXPLORE_PROGRAMS_H

#include "base/io.h"
#include "explore/explore.h"

#include <criterion/criterion.h>

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef PROGRAMS /* else: another directory of programs */
#define PROGRAMS "tests/kit/explore"
#define BUILT    "build/tests/explore"
#endif

static inline void run_command(char *const argv[])
{
    pid_t child = fork();
    int status = -1;

    if (child == 0) {
        execvp(argv[0], argv);
        _exit(127);
    }
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    cr_assert_eq(status, 0, "%s failed for %s", argv[0], argv[1]);
}

static inline bool is_newer(const char *path, const char *than)
{
    struct stat a, b;

    return !stat(path, &a) && !stat(than, &b) && a.st_mtime > b.st_mtime;
}

static inline void compile_and_link(
    const char *source, const char *definition, const char *object, const char *program)
{
    char *compile[] = {"clang", "-std=gnu17", "-D_GNU_SOURCE", "-g", "-gdwarf-4", "-O0",
        "-fno-omit-frame-pointer", "-fno-optimize-sibling-calls", "-fsanitize=thread", "-mllvm",
        "-tsan-instrument-read-before-write", "-Iharness/probe", "-Iharness/probe/include", "-c",
        "-o", (char *)object, (char *)source, *definition ? (char *)definition : NULL, NULL};
    char *link[] = {"clang", "-static", "-o", (char *)program, (char *)object,
        "@build/explore.wraps", "-Wl,--whole-archive", "build/libexplore.a",
        "-Wl,--no-whole-archive", "-lpthread", NULL};

    run_command(compile);
    run_command(link);
}

/* The path of the built program; the caller frees it. */
static inline char *build_program(const char *name, const char *definition)
{
    char *source = xasprintf(PROGRAMS "/%s.c", name);
    char *program = xasprintf(BUILT "/%s%s", name, definition);
    char *object = xasprintf("%s.o", program), *lock = xasprintf("%s.lock", program);
    int fd;

    mkdir("build/tests", 0777);
    mkdir(BUILT, 0777);
    fd = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    cr_assert(fd >= 0 && !flock(fd, LOCK_EX), "cannot lock %s", lock);
    if (!is_newer(program, source) || !is_newer(program, "build/libexplore.a"))
        compile_and_link(source, definition, object, program);
    close(fd);
    free(lock);
    free(object);
    free(source);
    return program;
}

static inline void explore_built(const char *path, const char *scenario, const char *args,
    const struct explore_options *o, struct explore_result *ret)
{
    struct explore_program p = {.path = path, .scenario = scenario, .args = args};
    struct buf err = BUF_EMPTY;

    cr_assert_eq(explore_search(&p, o, ret, &err), 0, "%s: %s", path, buf_text(&err));
    buf_release(&err);
}

static inline struct explore_result explore_program(
    const char *name, const char *definition, const struct explore_options *o)
{
    struct explore_result r = EXPLORE_RESULT_EMPTY;
    char *path = build_program(name, definition);

    explore_built(path, NULL, NULL, o, &r);
    free(path);
    return r;
}

/* The outcomes of a search as one text, a line each, sorted: ended, facts, sentence. Counts and
 * schedules left out. The caller frees it. */
static inline int compare_lines(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static inline char *outcome_lines(const struct explore_result *r)
{
    char **lines = xcalloc(r->n_outcomes + 1, sizeof(*lines));
    struct buf all = BUF_EMPTY;

    for (size_t i = 0; i < r->n_outcomes; i++) {
        const struct outcome *o = &r->outcomes[i];
        char *facts = json_dumps(o->facts, JSON_SORT_KEYS | JSON_COMPACT);

        lines[i] = xasprintf("%s %s %s", o->ended, facts, o->text ? o->text : "");
        free(facts);
    }
    qsort(lines, r->n_outcomes, sizeof(*lines), compare_lines);
    for (size_t i = 0; i < r->n_outcomes; i++) {
        buf_printf(&all, "%s\n", lines[i]);
        free(lines[i]);
    }
    free(lines);
    return all.data ? buf_detach(&all) : xstrdup("");
}

#endif
