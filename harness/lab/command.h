/* SPDX-License-Identifier: MIT */
/*
 * command - the subcommands of `lab`: one file cmd_<name>.c each, exporting one const struct, and
 * one row in the table of main.c.
 */
#ifndef LAB_COMMAND_H
#define LAB_COMMAND_H

#include "base/buf.h"
#include "box/box.h"
#include "lab/check.h"
#include "lab/kit.h"
#include "lab/processes.h"

#include <argp.h>
#include <stdbool.h>

enum lab_status {
    STATUS_OK = 0,
    STATUS_NOT_PASS = 1,
    STATUS_USAGE = 2,
    STATUS_INCOMPLETE = 3,
    STATUS_INTERRUPTED = 130,
};

struct command {
    const char *name;
    const char *arguments;             /* for the usage line */
    const char *does;                  /* one line */
    int (*run)(int argc, char **argv); /* argv[0] is "lab NAME"; returns the exit status */
};

extern const struct command command_check, command_demo, command_doctor, command_explore,
    command_grade, command_hint, command_list, command_replay, command_reset, command_selfcheck,
    command_class, command_gradebook, command_similar, command_coverage, command_report;

/* Prints "lab: SENTENCE" on standard error and returns the status. */
int complain(int status, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Opens the kit or says why not. */
bool open_kit(struct kit *kit);

/* Parses with argp; on a usage error argp itself says so and exits with STATUS_USAGE. */
void parse_options(const struct argp *argp, int argc, char **argv, void *input);

/* Marks the exercises that are named, by index into kit->exercises; all when none is named. False
 * after a complaint. */
bool choose_exercises(const struct kit *kit, char *const *names, size_t count, bool *chosen);

/* The same from "a,b"; all when the list is NULL or empty. */
bool choose_from_list(const struct kit *kit, const char *list, bool *chosen);

/* Says on standard error when the sandbox is less than the full one. */
void say_level(enum box_level level);

/* The number of cores that this process may use. */
unsigned cores(void);

/* A fresh seed, or LAB_SEED's. */
uint64_t fresh_seed(void);

/* Does a command's work so that nothing of it is left however it ends; returns its status. */
int work_apart(int (*work)(void *arg), void *arg, enum processes_terminal terminal);

/* Writes a result to a file, "-" for standard output. */
bool write_output(const char *path, const struct buf *text);

#endif
