/* SPDX-License-Identifier: MIT */
/*
 * samples - small programs that do what a limit is for, and the running of one in a box.
 *
 *     static int spin(char **arguments) { for (;;) … }
 *     static const struct sample samples[] = {{"spin", spin}, {0}};
 *     SAMPLES(samples);
 *     …
 *     struct box_result r = run_sample(&spec, "spin", NULL);
 *
 * A sample is this test program itself, started again with "sample:NAME": it runs before Criterion
 * does. No compiler and no second file is needed.
 */
#ifndef TESTS_BOX_SAMPLES_H
#define TESTS_BOX_SAMPLES_H

#include "base/io.h"
#include "box/box.h"
#include "box/level.h"

#include <criterion/criterion.h>
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct sample {
    const char *name;
    int (*run)(char **arguments); /* what is returned is the exit status */
};

/* The copy of this program that boxes run, see samples_copy(). */
#define SAMPLES_AT "INTERLEAVE_TEST_SAMPLES"

static inline const char *own_path(void)
{
    static char path[PATH_MAX];
    const char *copy = getenv(SAMPLES_AT);
    ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);

    path[n > 0 ? n : 0] = '\0';
    return copy ? copy : path;
}

static void samples_remove(void)
{
    char *directory = xstrdup(getenv(SAMPLES_AT));

    *strrchr(directory, '/') = '\0';
    io_remove_tree(directory, NULL);
    free(directory);
}

/* Root gives each box a user of its own, who can enter no directory of root's. Where the tests lie
 * in such a one, boxes run a copy. The process that Criterion started in makes and removes it. */
static void samples_copy(void)
{
    struct buf text = BUF_EMPTY, err = BUF_EMPTY;
    char *directory;
    char *copy;

    if (geteuid() != 0 || getenv(SAMPLES_AT))
        return;
    directory = io_make_temporary("interleave-samples", &err);
    if (!directory || chmod(directory, 0711) || io_read_file(own_path(), 0, &text, &err))
        abort();
    copy = io_path(directory, "sample");
    if (io_write_file(copy, text.data, text.length, &err) || chmod(copy, 0755) ||
        setenv(SAMPLES_AT, copy, 1) || atexit(samples_remove))
        abort();
    free(copy);
    free(directory);
    buf_release(&text);
}

static void samples_start(const struct sample *samples, int argc, char **argv)
{
    if (argc < 2 || strncmp(argv[1], "sample:", 7)) {
        samples_copy();
        return;
    }
    for (const struct sample *s = samples; s->name; s++)
        if (!strcmp(s->name, argv[1] + 7)) {
            int status = s->run(argv + 2);

            fflush(stdout);
            _exit(status);
        }
    _exit(125);
}

/* glibc hands main's arguments to constructors. */
#define SAMPLES(table)                                                                  \
    __attribute__((constructor)) static void samples_before_main(int argc, char **argv) \
    {                                                                                   \
        samples_start(table, argc, argv);                                               \
    }

struct sample_run {
    const char *argv[6];
    char word[80];
    char token[64]; /* by which its processes are found in the process table */
    struct box_bind binds[4];
    struct box_spec spec;
};

/* Fills in what every sample needs; limits and the rest are the test's to change. */
static inline void sample_prepare(
    struct sample_run *s, enum box_level level, const char *name, const char *argument)
{
    static int turn;

    *s = (struct sample_run){.argv = {own_path(), s->word, argument ? argument : "-", s->token}};
    snprintf(s->word, sizeof(s->word), "sample:%s", name);
    snprintf(s->token, sizeof(s->token), "token-%d-%d.", (int)getpid(), turn++);
    s->binds[0] = (struct box_bind){own_path(), own_path(), false};
    s->spec = (struct box_spec){
        .argv = s->argv,
        .binds = s->binds,
        .n_binds = 1,
        .limits = box_limits_default(),
        .level = level,
    };
}

static inline struct box_result sample_finish(const struct sample_run *s)
{
    struct box_result r = BOX_RESULT_EMPTY;
    struct buf err = BUF_EMPTY;
    int result = box_run(&s->spec, &r, &err);

    cr_assert_eq(result, 0, "the box failed: %s", buf_text(&err));
    buf_release(&err);
    return r;
}

static inline enum box_level best_level(void)
{
    struct box_level_report report = BOX_LEVEL_REPORT_EMPTY;
    struct buf err = BUF_EMPTY;
    enum box_level level;

    cr_assert_eq(box_probe_level(&report, &err), 0, "%s", buf_text(&err));
    level = report.level;
    box_level_report_release(&report);
    return level;
}

static inline bool cmdline_has(const char *pid, const char *word)
{
    char path[64], text[4096];
    bool found = false;
    ssize_t n;
    int fd;

    snprintf(path, sizeof(path), "/proc/%.16s/cmdline", pid);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    n = read(fd, text, sizeof(text) - 1);
    close(fd);
    if (n > 0)
        found = memmem(text, (size_t)n, word, strlen(word)) != NULL;
    return found;
}

/* How many processes have the word on their command line. */
static inline int count_processes(const char *word)
{
    DIR *proc = opendir("/proc");
    struct dirent *e;
    int count = 0;

    while (proc && (e = readdir(proc)))
        count += isdigit((unsigned char)e->d_name[0]) && cmdline_has(e->d_name, word);
    if (proc)
        closedir(proc);
    return count;
}

static inline int count_entries(const char *directory, const char *prefix)
{
    DIR *d = opendir(directory);
    struct dirent *e;
    int count = 0;

    while (d && (e = readdir(d)))
        count += e->d_name[0] != '.' && !strncmp(e->d_name, prefix, strlen(prefix));
    if (d)
        closedir(d);
    return count;
}

#define assert_end(r, wanted)                                                                    \
    cr_assert_eq((r).end, wanted, "ended as \"%s\" (status %d), expected \"%s\"; it said: %s%s", \
        box_end_name((r).end), (r).status, box_end_name(wanted), buf_text(&(r).out),             \
        buf_text(&(r).err))

#define assert_exit(r, wanted)                                                    \
    cr_assert((r).end == BOX_EXITED && (r).status == (wanted),                    \
        "ended as \"%s\" with status %d, expected exit status %d; it said: %s%s", \
        box_end_name((r).end), (r).status, wanted, buf_text(&(r).out), buf_text(&(r).err))

#endif
