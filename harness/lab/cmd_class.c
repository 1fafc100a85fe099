/* SPDX-License-Identifier: MIT */
/* lab class - every submission in a directory, sandboxed, parallel, resumable. */
#include "base/io.h"
#include "lab/class.h"
#include "lab/class_collect.h"
#include "lab/command.h"
#include "lab/slurm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SLURM_MOST = 32, KEY_SLURM = 256, KEY_SLICE, KEY_SLICES };

struct options {
    const char *directory;
    const char *out;
    const char *only;
    const char *exercises;
    const char *box;
    const char *title;
    const char *slice; /* "3/16": what a node of a cluster grades */
    const char *jobs;
    const char *slurm[SLURM_MOST];
    size_t n_slurm;
    bool use_slurm;
    size_t slices;
    bool regrade;
};

static const struct argp_option options[] = {
    {"out", 'o', "DIRECTORY", 0, "Where the results go (required)", 0},
    {"jobs", 'j', "N", 0, "Submissions at once (default: two for each core)", 0},
    {"only", 'O', "PATTERN", 0, "Only submissions whose names match, as in a shell: 'a*'", 0},
    {"exercises", 'e', "A,B", 0, "Only these exercises", 0},
    {"regrade", 'r', NULL, 0, "Grade again what has not changed", 0},
    {"box", 'b', "LEVEL", 0, "Least sandbox to accept: full, reduced, none (not for marks)", 0},
    {"title", 't', "TEXT", 0, "Heading of the dashboard", 0},
    {"slurm", KEY_SLURM, "OPTION", OPTION_ARG_OPTIONAL,
        "Hand the work to Slurm; OPTION goes to sbatch, as in --slurm=--partition=teaching; "
        "may be given several times",
        0},
    {"slices", KEY_SLICES, "N", 0, "With --slurm: into how many tasks the class is cut", 0},
    {"slice", KEY_SLICE, "I/N", OPTION_HIDDEN, "Grade only every N-th submission, from I", 0},
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
        o->jobs = argument;
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

/* False after a complaint. */
static bool set_slice(const struct options *o, struct class_spec *spec)
{
    if (!o->slice || (sscanf(o->slice, "%zu/%zu", &spec->slice, &spec->slices) == 2 &&
                         spec->slice < spec->slices))
        return true;
    complain(STATUS_USAGE, "A slice is written I/N with I below N, as in 0/4.");
    return false;
}

/* A submission that deadlocks, sleeps or waits for the kernel uses no core for a while: a fifth of
 * its time, when we measured. One for each core left a tenth of the machine idle; two, we reckon,
 * leave a hundredth. False after a complaint. */
static bool set_jobs(const struct options *o, struct class_spec *spec)
{
    char *end = NULL;
    unsigned long jobs;

    if (!o->jobs) {
        spec->jobs = cores() < CLASS_JOBS_MOST / 2 ? 2 * cores() : CLASS_JOBS_MOST;
        return true;
    }
    jobs = strtoul(o->jobs, &end, 10);
    spec->jobs = (unsigned)jobs;
    if (jobs >= 1 && jobs <= CLASS_JOBS_MOST && !*end)
        return true;
    complain(STATUS_USAGE, "--jobs is a number from 1 to %d.", CLASS_JOBS_MOST);
    return false;
}

/* False after a complaint. */
static bool is_class(const struct kit *kit, const struct options *o)
{
    struct stat in, out;

    if (!io_is_directory(o->directory)) {
        complain(STATUS_USAGE, "%s is not a directory of submissions.", o->directory);
        return false;
    }
    if (stat(o->directory, &in) == 0 && stat(o->out, &out) == 0 && in.st_dev == out.st_dev &&
        in.st_ino == out.st_ino) {
        complain(STATUS_USAGE, "The results need a directory of their own: --out is where the "
                               "submissions are.");
        return false;
    }
    for (size_t i = 0; i < kit->n_exercises; i++) {
        const struct manifest *m = &kit->exercises[i];
        char *flat = io_path(o->directory, m->edit), *unit = io_path(o->directory, m->unit);
        bool single = io_is_file(flat) || io_is_directory(unit);

        free(flat);
        free(unit);
        if (single) {
            complain(STATUS_USAGE,
                "%s looks like one submission, not like a directory of them. "
                "For one: lab grade %s",
                o->directory, o->directory);
            return false;
        }
    }
    return true;
}

static void print_list(const char *what, size_t count, const struct buf *lines)
{
    if (!count)
        return;
    printf("%s: %zu\n%s", what, count, buf_text(lines));
    if (count > COLLECT_SHOWN)
        printf("  … and %zu more\n", count - COLLECT_SHOWN);
}

static void print_counts(const struct class_summary *s)
{
    size_t without = s->total - s->graded - s->unchanged;

    printf("%zu submission%s: %zu graded now, %zu unchanged", s->total, s->total == 1 ? "" : "s",
        s->graded, s->unchanged);
    if (s->interrupted && without)
        printf(", %zu to come", without);
    puts(".");
    print_list("Not, or not completely, graded, at no cost in points", s->incomplete, &s->ungraded);
    print_list("Zero points, because nothing to grade was found in them", s->empty, &s->nothing);
}

static int conclude(const struct class_spec *spec, const struct class_summary *s)
{
    print_counts(s);
    if (!spec->slices)
        printf("Open %s/index.html; the marks are in %s/grades.csv\n", spec->out, spec->out);
    if (s->interrupted) {
        puts("Stopped. The same command goes on where this one ended.");
        return STATUS_INTERRUPTED;
    }
    return s->incomplete || s->missing ? STATUS_INCOMPLETE : STATUS_OK;
}

/* Why there is nothing to do is worth a sentence. */
static int conclude_nothing(const struct options *o)
{
    if (o->only)
        return complain(STATUS_USAGE, "No submission in %s matches `%s`.", o->directory, o->only);
    return complain(
        STATUS_USAGE, "There are no submissions in %s: no folder and no archive.", o->directory);
}

static int grade_class(struct class_spec *spec, const struct options *o)
{
    struct slurm_spec slurm = {.class = spec,
        .options = o->slurm,
        .n_options = o->n_slurm,
        .slices = o->slices,
        .exercises = o->exercises,
        .box = o->box};
    char *tell = spec->slices ? xasprintf("%s/slurm/slice.%zu", o->out, spec->slice) : NULL;
    struct class_summary summary;
    struct buf err = BUF_EMPTY;
    int status;

    if (o->use_slurm) {
        spec->elsewhere = slurm_grade;
        spec->arg = &slurm;
    }
    spec->tell = tell;
    if (class_run(spec, &summary, &err))
        status = complain(STATUS_INCOMPLETE, "%s", buf_text(&err));
    else if (!summary.total && !spec->slices)
        status = conclude_nothing(o);
    else
        status = conclude(spec, &summary);
    class_summary_release(&summary);
    buf_release(&err);
    free(tell);
    return status;
}

/* "submissions" of "term/submissions/", and of "." the name of the directory that it is. */
static char *title_of(const char *directory)
{
    char *path = realpath(directory, NULL);
    char *title = xstrdup(path ? io_base_name(path) : directory);

    free(path);
    return title;
}

static int run_class(const struct kit *kit, const struct options *o)
{
    bool *chosen = xcalloc(kit->n_exercises, sizeof(*chosen));
    char *title = o->title ? xstrdup(o->title) : title_of(o->directory);
    struct class_spec spec = {
        .grading = {.kit = kit, .chosen = chosen, .jobs = 1, .fresh = o->regrade},
        .directory = o->directory,
        .out = o->out,
        .only = o->only,
        .title = title,
        .regrade = o->regrade,
        .terminal = isatty(STDERR_FILENO),
    };
    struct buf err = BUF_EMPTY;
    int status = STATUS_USAGE;

    if (!set_slice(o, &spec) || !set_jobs(o, &spec) || !is_class(kit, o) ||
        !choose_from_list(kit, o->exercises, chosen))
        status = STATUS_USAGE;
    else if (grading_level(o->box, &spec.grading.level, &spec.grading.sandbox, &err))
        status = complain(STATUS_INCOMPLETE, "%s", buf_text(&err));
    else {
        say_level(spec.grading.level);
        spec.jobs = grading_jobs(spec.grading.level, spec.jobs);
        status = grade_class(&spec, o);
    }
    free(chosen);
    free(title);
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
