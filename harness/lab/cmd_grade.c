/* SPDX-License-Identifier: MIT */
/* lab grade - one submission, sandboxed, in any of the report formats. */
#include "base/io.h"
#include "lab/command.h"
#include "lab/grading.h"
#include "lab/publish.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct options {
    const char *submission;
    const char *format;
    const char *out;
    const char *box;
    const char *exercises;
    unsigned jobs;
    bool verbose;
    bool fresh;
};

static const struct argp_option options[] = {
    {"format", 'F', "FORMAT", 0,
        "text (default), json, junit, gradescope, autolab, classroom50, "
        "github, tap, sarif, html",
        0},
    {"out", 'o', "FILE", 0, "Write there instead of to the screen", 0},
    {"exercises", 'e', "A,B", 0, "Only these exercises", 0},
    {"box", 'b', "LEVEL", 0, "Least sandbox to accept: full, reduced, none (not for marks)", 0},
    {"jobs", 'j', "N", 0, "Sessions at once (default: the number of cores)", 0},
    {"verbose", 'v', NULL, 0, "Show every failure in full", 0},
    {"fresh", 'f', NULL, 0, "Run everything again, also what has not changed", 0},
    {0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct options *o = state->input;

    switch (key) {
    case 'F':
        o->format = argument;
        return 0;
    case 'o':
        o->out = argument;
        return 0;
    case 'e':
        o->exercises = argument;
        return 0;
    case 'b':
        o->box = argument;
        return 0;
    case 'j':
        o->jobs = (unsigned)strtoul(argument, NULL, 10);
        return 0;
    case 'v':
        o->verbose = true;
        return 0;
    case 'f':
        o->fresh = true;
        return 0;
    case ARGP_KEY_ARG:
        if (o->submission)
            argp_error(state, "one submission at a time; `lab class` grades many");
        o->submission = argument;
        return 0;
    case ARGP_KEY_END:
        if (!o->submission)
            argp_error(state, "which submission? For example: lab grade submissions/alice");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static int grade(const struct kit *kit, const struct options *o)
{
    bool *chosen = xcalloc(kit->n_exercises, sizeof(*chosen)), interrupted = false;
    struct grading_spec spec = {
        .kit = kit,
        .chosen = chosen,
        .jobs = o->jobs ? o->jobs : cores(),
        .seed = fresh_seed(),
        .fresh = o->fresh || getenv("LAB_SEED"),
    };
    struct submission submission = SUBMISSION_EMPTY;
    struct buf err = BUF_EMPTY;
    char *files = NULL;
    json_t *result = NULL;
    int status = STATUS_USAGE;

    if (!publish_can(o->format) || !choose_from_list(kit, o->exercises, chosen)) {
        status = STATUS_USAGE;
    } else if (access(o->submission, F_OK)) {
        complain(status, "There is no submission %s.", o->submission);
    } else if (grading_level(o->box, &spec.level, &spec.sandbox, &err)) {
        status = complain(STATUS_INCOMPLETE, "%s", buf_text(&err));
    } else {
        say_level(spec.level);
        spec.jobs = grading_jobs(spec.level, spec.jobs);
        submission_read(&spec, AT_FDCWD, o->submission, &submission);
        result = grading_run(
            &spec, &submission, io_base_name(o->submission), &files, &interrupted, &err);
        status = result ? publish(result, &(struct publish_spec){.format = o->format,
                                              .out = o->out,
                                              .files = files,
                                              .verbose = o->verbose})
                        : complain(STATUS_INCOMPLETE, "%s", buf_text(&err));
    }
    if (interrupted)
        status = complain(STATUS_INTERRUPTED, "Interrupted; what is not shown was not run.");
    json_decref(result);
    if (files)
        io_remove_tree(files, NULL);
    submission_release(&submission);
    free(files);
    free(chosen);
    buf_release(&err);
    return status;
}

static int run_command(int argc, char **argv)
{
    static const struct argp argp = {.options = options,
        .parser = parse,
        .args_doc = "SUBMISSION",
        .doc = "Grades one submission (a folder or an archive) in the sandbox."};
    struct options o = {0};
    struct kit kit;
    int status;

    parse_options(&argp, argc, argv, &o);
    if (!open_kit(&kit))
        return STATUS_INCOMPLETE;
    status = grade(&kit, &o);
    kit_release(&kit);
    return status;
}

const struct command command_grade = {
    .name = "grade",
    .arguments = "SUBMISSION",
    .does = "grade one submission, sandboxed",
    .run = run_command,
};
