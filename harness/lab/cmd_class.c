/* SPDX-License-Identifier: MIT */
/* lab class - every submission in a directory, sandboxed, parallel, resumable. */
#include "base/io.h"
#include "lab/class.h"
#include "lab/command.h"
#include "lab/slurm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SLURM_MOST = 32, KEY_SLURM = 256, KEY_SLICE, KEY_COLLECT, KEY_SLICES };

struct options {
    const char *directory;
    const char *out;
    const char *only;
    const char *exercises;
    const char *box;
    const char *title;
    const char *slice; /* "3/16": what a node of a cluster grades */
    const char *slurm[SLURM_MOST];
    size_t n_slurm;
    bool use_slurm;
    size_t slices;
    unsigned jobs;
    bool regrade;
    bool collect;
};

static const struct argp_option options[] = {
    {"out", 'o', "DIRECTORY", 0, "Where the results go (required)", 0},
    {"jobs", 'j', "N", 0, "Submissions at once (default: the number of cores)", 0},
    {"only", 'O', "PATTERN", 0, "Only submissions whose names match, as in a shell: 'a*'", 0},
    {"exercises", 'e', "A,B", 0, "Only these exercises", 0},
    {"regrade", 'r', NULL, 0, "Grade again what has not changed", 0},
    {"box", 'b', "LEVEL", 0, "Least sandbox to accept: full, reduced, none (not for marks)", 0},
    {"title", 't', "TEXT", 0, "Heading of the dashboard", 0},
    {"slurm", KEY_SLURM, "OPTION", OPTION_ARG_OPTIONAL,
        "Hand the work to Slurm; OPTION goes to sbatch, as in --slurm=--partition=teaching; "
        "may be given several times", 0},
    {"slices", KEY_SLICES, "N", 0, "With --slurm: into how many tasks the class is cut", 0},
    {"slice", KEY_SLICE, "I/N", OPTION_HIDDEN, "Grade only every N-th submission, from I", 0},
    {"collect", KEY_COLLECT, NULL, 0, "Grade nothing; make the outputs from what is there", 0},
    {0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct options *o = state->input;

    switch (key) {
    case 'o':
        o->out = argument;
        return 0;
    case 'j':
        o->jobs = (unsigned)strtoul(argument, NULL, 10);
        return 0;
    case 'O':
        o->only = argument;
        return 0;
    case 'e':
        o->exercises = argument;
        return 0;
    case 'r':
        o->regrade = true;
        return 0;
    case 'b':
        o->box = argument;
        return 0;
    case 't':
        o->title = argument;
        return 0;
    case KEY_SLURM:
        o->use_slurm = true;
        if (argument && o->n_slurm < SLURM_MOST)
            o->slurm[o->n_slurm++] = argument;
        return 0;
    case KEY_SLICES:
        o->slices = strtoul(argument, NULL, 10);
        return 0;
    case KEY_SLICE:
        o->slice = argument;
        return 0;
    case KEY_COLLECT:
        o->collect = true;
        return 0;
    case ARGP_KEY_ARG:
        if (o->directory)
            argp_error(state, "one directory of submissions at a time");
        o->directory = argument;
        return 0;
    case ARGP_KEY_END:
        if (!o->directory || !o->out)
            argp_error(state, "for example: lab class submissions --out results");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static bool set_slice(const struct options *o, struct class_spec *spec)
{
    return !o->slice || (sscanf(o->slice, "%zu/%zu", &spec->slice, &spec->slices) == 2 &&
                            spec->slice < spec->slices);
}

static int conclude(const struct class_spec *spec, const struct class_summary *s)
{
    printf("%zu submissions: %zu graded, %zu unchanged", s->total, s->graded, s->unchanged);
    if (s->incomplete)
        printf(", %zu could not be graded completely", s->incomplete);
    putchar('\n');
    if (!spec->slices)
        printf("Open %s/index.html; the marks are in %s/grades.csv\n", spec->out, spec->out);
    if (s->interrupted) {
        puts("Stopped. The same command goes on where this one ended.");
        return STATUS_INTERRUPTED;
    }
    return s->incomplete ? STATUS_INCOMPLETE : STATUS_OK;
}

static int grade_class(struct class_spec *spec, const struct options *o)
{
    const struct slurm_spec slurm = {
        .class = spec, .options = o->slurm, .n_options = o->n_slurm, .slices = o->slices,
        .exercises = o->exercises, .box = o->box};
    struct class_summary summary;
    struct buf err = BUF_EMPTY;
    int status;

    if (o->use_slurm ? slurm_run(&slurm, &summary, &err) : class_run(spec, &summary, &err))
        status = complain(STATUS_INCOMPLETE, "%s", buf_text(&err));
    else
        status = conclude(spec, &summary);
    buf_release(&err);
    return status;
}

static int run_class(const struct kit *kit, const struct options *o)
{
    bool *chosen = xcalloc(kit->n_exercises, sizeof(*chosen));
    struct class_spec spec = {
        .grading = {.kit = kit, .chosen = chosen, .jobs = 1},
        .directory = o->directory,
        .out = o->out,
        .only = o->only,
        .title = o->title ? o->title : io_base_name(o->directory),
        .jobs = o->jobs ? o->jobs : cores(),
        .regrade = o->regrade,
        .terminal = isatty(STDERR_FILENO),
        .collect = o->collect,
    };
    struct buf err = BUF_EMPTY;
    int status = STATUS_USAGE;

    if (!set_slice(o, &spec))
        complain(status, "A slice is written I/N with I below N, as in 0/4.");
    else if (!io_is_directory(o->directory))
        complain(status, "%s is not a directory of submissions.", o->directory);
    else if (!choose_from_list(kit, o->exercises, chosen))
        status = STATUS_USAGE;
    else if (grading_level(o->box, &spec.grading.level, &spec.grading.sandbox, &err))
        status = complain(STATUS_INCOMPLETE, "%s", buf_text(&err));
    else
        status = grade_class(&spec, o);
    free(chosen);
    buf_release(&err);
    return status;
}

static int run_command(int argc, char **argv)
{
    static const struct argp argp = {.options = options,
        .parser = parse,
        .args_doc = "DIRECTORY",
        .doc = "Grades every submission in a directory: folders, .zip, .tar and compressed .tar. "
               "Ctrl-C stops cleanly; the same command grades only what is missing or changed."};
    struct options o = {0};
    struct kit kit;
    int status;

    parse_options(&argp, argc, argv, &o);
    if (!open_kit(&kit))
        return STATUS_INCOMPLETE;
    status = run_class(&kit, &o);
    kit_release(&kit);
    return status;
}

const struct command command_class = {
    .name = "class",
    .arguments = "DIRECTORY --out DIRECTORY",
    .does = "grade every submission in a directory",
    .run = run_command,
};
