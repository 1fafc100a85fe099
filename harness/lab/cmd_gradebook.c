/* SPDX-License-Identifier: MIT */
/* lab gradebook - fills in the sheet that an instructor exported from Canvas or Moodle. */
#include "base/io.h"
#include "lab/command.h"
#include "report/gradebook.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct options {
    const char *results;
    const char *canvas;
    const char *moodle;
    const char *out;
    const char *column;
    const char *id_column;
    bool csv;
    bool scale;
};

static const struct argp_option options[] = {
    {"canvas", 'C', "EXPORT.csv", 0, "Fill in a gradebook exported from Canvas", 0},
    {"moodle", 'M', "SHEET.csv", 0, "Fill in an offline worksheet exported from Moodle", 0},
    {"csv", 'c', NULL, 0, "Print the kit's own grades.csv", 0},
    {"out", 'o', "FILE", 0, "Write there instead of to the screen", 0},
    {"column", 'k', "TITLE", 0,
        "Heading of the grade's column, or Canvas's number of the assignment", 0},
    {"id-column", 'i', "TITLE", 0, "Moodle: heading of the identifiers", 0},
    {"scale", 's', NULL, 0, "Where the sheet's maximum differs: scale", 0},
    {0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct options *o = state->input;

    switch (key) {
    case 'C':
        o->canvas = argument;
        return 0;
    case 'M':
        o->moodle = argument;
        return 0;
    case 'c':
        o->csv = true;
        return 0;
    case 'o':
        o->out = argument;
        return 0;
    case 'k':
        o->column = argument;
        return 0;
    case 'i':
        o->id_column = argument;
        return 0;
    case 's':
        o->scale = true;
        return 0;
    case ARGP_KEY_ARG:
        if (o->results)
            argp_error(state, "one directory of results at a time");
        o->results = argument;
        return 0;
    case ARGP_KEY_END:
        if (!o->results || (o->canvas != NULL) + (o->moodle != NULL) + o->csv != 1)
            argp_error(
                state, "for example: lab gradebook results --canvas export.csv -o filled.csv");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static int fill(const struct options *o, const json_t *grades, struct buf *out,
    struct gradebook_report *report, struct buf *err)
{
    const struct gradebook_options g = {
        .column = o->column, .id_column = o->id_column, .scale = o->scale};
    const char *path = o->canvas ? o->canvas : o->moodle;
    struct buf sheet = BUF_EMPTY;
    int result = io_read_file(path, 0, &sheet, err);

    if (!result)
        result = (o->canvas ? gradebook_canvas : gradebook_moodle)(
            buf_text(&sheet), sheet.length, grades, &g, out, report, err);
    buf_release(&sheet);
    return result;
}

static int fill_sheet(const struct options *o)
{
    char *path = io_path(o->results, "summary.json");
    json_t *summary = json_load_file(path, 0, NULL);
    json_t *grades = json_object_get(summary, "submissions");
    struct gradebook_report report = GRADEBOOK_REPORT_EMPTY;
    struct buf out = BUF_EMPTY, err = BUF_EMPTY, lists = BUF_EMPTY;
    int status = STATUS_OK;

    if (!json_is_array(grades)) {
        status = complain(
            STATUS_USAGE, "%s is missing: grade the class first with `lab class`.", path);
    } else if (fill(o, grades, &out, &report, &err)) {
        status = complain(STATUS_INCOMPLETE, "%s", buf_text(&err));
    } else {
        if (!write_output(o->out, &out))
            status = STATUS_INCOMPLETE;
        gradebook_report_text(&report, &lists);
        fputs(buf_text(&lists), stderr);
        if (json_array_size(report.ungraded) || json_array_size(report.ambiguous))
            status = status ? status : STATUS_INCOMPLETE;
    }
    gradebook_report_release(&report);
    buf_release(&out);
    buf_release(&err);
    buf_release(&lists);
    json_decref(summary);
    free(path);
    return status;
}

static int print_csv(const struct options *o)
{
    char *path = io_path(o->results, "grades.csv");
    struct buf text = BUF_EMPTY, err = BUF_EMPTY;
    int status = STATUS_OK;

    if (io_read_file(path, 0, &text, &err))
        status = complain(
            STATUS_USAGE, "%s Grade the class first with `lab class`.", buf_text(&err));
    else if (!write_output(o->out, &text))
        status = STATUS_INCOMPLETE;
    buf_release(&text);
    buf_release(&err);
    free(path);
    return status;
}

static int run_command(int argc, char **argv)
{
    static const struct argp argp = {.options = options,
        .parser = parse,
        .args_doc = "RESULTS",
        .doc = "Fills in the sheet that you exported, by id and never by guess; lists what did not "
               "match on either side."};
    struct options o = {0};

    parse_options(&argp, argc, argv, &o);
    return o.csv ? print_csv(&o) : fill_sheet(&o);
}

const struct command command_gradebook = {
    .name = "gradebook",
    .arguments = "RESULTS --canvas|--moodle SHEET",
    .does = "fill in an exported gradebook sheet",
    .run = run_command,
};
