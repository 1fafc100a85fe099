/* SPDX-License-Identifier: MIT */
/*
 * compiling - for tests that need real objects: compiles a text with the compiler of this machine.
 *
 *     struct compiled c = compiled_from(&VARIANT_TSAN, "int x;");
 *     … c.object is its path, c.preprocessed its text, unless c.failed …
 *     compiled_release(&c);
 */
#ifndef TESTS_KIT_COMPILING_H
#define TESTS_KIT_COMPILING_H

#include "base/io.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>

/* A way of building, as lab/tool.c has it. */
struct variant {
    const char *tool;
    const char *compiler;
    const char *flags[8];
};

static const struct variant variants[] = {
    {"plain", "gcc", {NULL}},
    {"plain", "clang", {NULL}},
    {"asan", "clang", {"-fsanitize=address,undefined", "-fno-sanitize-recover=all", NULL}},
    {"asan", "gcc", {"-fsanitize=address,undefined", NULL}},
    {"tsan", "clang",
        {"-fsanitize=thread", "-fsanitize=alignment", "-fsanitize-trap=alignment", NULL}},
    {"tsan", "gcc", {"-fsanitize=thread", NULL}},
    {"explore", "clang",
        {"-fsanitize=thread", "-fsanitize=alignment", "-fsanitize-trap=alignment",
            "-fno-optimize-sibling-calls", "-mllvm", "-tsan-instrument-read-before-write", NULL}},
    {"coverage", "gcc", {"--coverage", NULL}},
};

enum { N_VARIANTS = sizeof variants / sizeof *variants };

struct compiled {
    char *directory;
    char *object;
    struct buf preprocessed;
    bool failed;
};

/* There are bombs for preprocessors among the samples, and here is no box around the compiler. */
static inline void limit_compilers(void)
{
    const struct rlimit memory = {2ul << 30, 2ul << 30}, file = {64ul << 20, 64ul << 20};
    const struct rlimit cpu = {60, 60};

    setrlimit(RLIMIT_AS, &memory);
    setrlimit(RLIMIT_FSIZE, &file);
    setrlimit(RLIMIT_CPU, &cpu);
}

/* Runs the compiler in `directory`; true when it exits with 0. */
static inline bool compiling_run(
    const struct variant *v, const char *directory, const char *const *extra)
{
    const char *argv[192] = {v->compiler, "-std=gnu17", "-D_GNU_SOURCE", "-O0", "-g", "-gdwarf-4",
        "-fno-omit-frame-pointer", "-pthread", "-w", "-I", "."};
    size_t n = 11;
    pid_t pid;
    int status;
    posix_spawn_file_actions_t actions;

    for (size_t i = 0; v->flags[i] != NULL; i++)
        argv[n++] = v->flags[i];
    for (; *extra != NULL; extra++)
        argv[n++] = *extra;
    limit_compilers();
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addchdir_np(&actions, directory);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    int error = posix_spawnp(&pid, v->compiler, &actions, NULL, (char *const *)argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    cr_assert_eq(error, 0, "%s cannot be started", v->compiler);
    waitpid(pid, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* `includes` are directories with headers, NULL-terminated, or NULL. */
static inline struct compiled compiled_with(
    const struct variant *v, const char *text, const char *const *includes)
{
    struct compiled c = {.directory = io_make_temporary("gate-test", NULL)};
    char *source = io_path(c.directory, "student.c");
    char *preprocessed = io_path(c.directory, "student.i");
    const char *extra[144] = {0};
    size_t n = 0;

    cr_assert_eq(io_write_file(source, text, strlen(text), NULL), 0);
    for (; includes != NULL && *includes != NULL; includes++) {
        extra[n++] = "-I";
        extra[n++] = *includes;
    }
    memcpy(extra + n, (const char *[]){"-E", "student.c", "-o", "student.i"}, 4 * sizeof *extra);
    if (compiling_run(v, c.directory, extra))
        io_read_file(preprocessed, 0, &c.preprocessed, NULL);
    extra[n] = "-c";
    extra[n + 3] = "student.o";
    c.failed = !compiling_run(v, c.directory, extra);
    c.object = io_path(c.directory, "student.o");
    free(source);
    free(preprocessed);
    return c;
}

static inline struct compiled compiled_from(const struct variant *v, const char *text)
{
    return compiled_with(v, text, NULL);
}

static inline void compiled_release(struct compiled *c)
{
    io_remove_tree(c->directory, NULL);
    free(c->directory);
    free(c->object);
    buf_release(&c->preprocessed);
}

#endif
