/* SPDX-License-Identifier: MIT */
/* lab report - a result that there is already, in another format. Nothing is graded again, so that
 * CI's many files are views of one grade. */
#include "lab/command.h"
#include "lab/publish.h"

#include <stdio.h>
#include <string.h>

struct options {
    const char *result;
    struct publish_spec spec;
};

static const struct argp_option options[] = {
    {"format", 'F', "FORMAT", 0,
        "text (default), json, junit, gradescope, autolab, classroom50, "
        "github, tap, sarif, html",
        0},
    {"out", 'o', "FILE", 0, "Write there instead of to the screen", 0},
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
    case 'd':
        o->spec.files = argument;
        return 0;
    case 'v':
        o->spec.verbose = true;
        return 0;
    case ARGP_KEY_ARG:
        if (o->result)
            argp_error(state, "one result at a time");
        o->result = argument;
        return 0;
    case ARGP_KEY_END:
        if (!o->result)
            argp_error(state, "for example: lab report result.json --format junit");
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

static int run_command(int argc, char **argv)
{
    static const struct argp argp = {.options = options,
        .parser = parse,
        .args_doc = "RESULT.json",
        .doc = "Shows a result (as `lab grade --format json` wrote it) in another format."};
    struct options o = {0};
    json_t *result;
    int status = STATUS_USAGE;

    parse_options(&argp, argc, argv, &o);
    if (publish_can(o.spec.format) && (result = load(o.result))) {
        status = publish(result, &o.spec);
        json_decref(result);
    }
    return status;
}

const struct command command_report = {
    .name = "report",
    .arguments = "RESULT.json",
    .does = "show a result in another format",
    .run = run_command,
};
