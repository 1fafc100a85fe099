/* SPDX-License-Identifier: MIT */
/* lab report - results that there are already: one in another format, or many as a class. Nothing
 * is graded again, so that CI's many files are views of one grade. */
#include "lab/command.h"
#include "lab/gather.h"
#include "lab/publish.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct options {
    char **results; /* pointers into argv */
    size_t n_results;
    const char *class_out;
    struct publish_spec spec;
};

static const struct argp_option options[] = {
    {"format", 'F', "FORMAT", 0,
        "text (default), json, junit, gradescope, autolab, classroom50, "
        "github, tap, sarif, html",
        0},
    {"out", 'o', "FILE", 0, "Write there instead of to the screen", 0},
    {"class", 'c', "DIRECTORY", 0, "Gather many results there: a dashboard, grades.csv, pages", 0},
    {"files", 'd', "DIRECTORY", 0, "The submission's files, for excerpts", 0},
    {"verbose", 'v', NULL, 0, "Show every failure in full", 0},
    {0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct options *o = state->input;

    switch (key) {
    case 'F':
        o->spec.format = argument;
        return 0;
    case 'o':
        o->spec.out = argument;
        return 0;
    case 'c':
        o->class_out = argument;
        return 0;
    case 'd':
        o->spec.files = argument;
        return 0;
    case 'v':
        o->spec.verbose = true;
        return 0;
    case ARGP_KEY_ARG:
        o->results[o->n_results++] = argument;
        return 0;
    case ARGP_KEY_END:
        if (o->n_results == 0)
            argp_error(state, "for example: lab report result.json --format junit");
        if (o->n_results > 1 && !o->class_out)
            argp_error(state, "one result at a time, or --class DIRECTORY for many");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static json_t *load(const char *path)
{
    json_error_t error;
    json_t *result = strcmp(path, "-") ? json_load_file(path, 0, &error)
                                       : json_loadf(stdin, 0, &error);

    if (!result)
        complain(STATUS_USAGE, "Cannot read %s: %s", path, error.text);
    else if (json_is_array(json_object_get(result, "exercises")))
        return result;
    else
        complain(STATUS_USAGE,
            "%s is not a result file: it has no list of exercises. `lab grade --format json` "
            "writes one.",
            path);
    json_decref(result);
    return NULL;
}

static int report_one(const struct options *o)
{
    json_t *result = publish_can(o->spec.format) ? load(o->results[0]) : NULL;
    int status = result ? publish(result, &o->spec) : STATUS_USAGE;

    json_decref(result);
    return status;
}

static int report_class(const struct options *o)
{
    struct buf err = BUF_EMPTY;
    int left_out = gather(o->results, o->n_results, o->class_out, &err), status = STATUS_OK;

    if (left_out < 0)
        status = complain(STATUS_INCOMPLETE, "%s", buf_text(&err));
    else if (left_out > 0)
        status = STATUS_INCOMPLETE;
    if (left_out >= 0)
        printf("%zu results are in %s/index.html\n", o->n_results - (size_t)left_out, o->class_out);
    buf_release(&err);
    return status;
}

static int run_command(int argc, char **argv)
{
    static const struct argp argp = {.options = options,
        .parser = parse,
        .args_doc = "RESULT.json...",
        .doc =
            "Shows a result (as `lab grade --format json` wrote it) in another format, or gathers many "
            "as `lab class` would."};
    struct options o = {.results = xcalloc((size_t)argc, sizeof(*o.results))};
    int status;

    parse_options(&argp, argc, argv, &o);
    status = o.class_out ? report_class(&o) : report_one(&o);
    free(o.results);
    return status;
}

const struct command command_report = {
    .name = "report",
    .arguments = "RESULT.json...",
    .does = "show a result in another format",
    .run = run_command,
};
