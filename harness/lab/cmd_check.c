/* SPDX-License-Identifier: MIT */
/* lab check - builds and judges labs/: your own code, so limits but no sandbox. */
#include "base/io.h"
#include "lab/command.h"
#include "lab/own_file.h"
#include "lab/tool.h"
#include "report/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { NAMES_MOST = 64 };

struct options {
    char *names[NAMES_MOST];
    size_t n_names;
    const char *tool;
    const char *test;
    const char *json;
    unsigned jobs;
    bool verbose;
    bool fresh;
};

static const struct argp_option options[] = {
    {"tool", 't', "TOOL", 0, "Only the checks under this tool", 0},
    {"test", 'T', "TEST", 0, "Only the checks of this test", 0},
    {"json", 'J', "FILE", 0, "Write the result file as well", 0},
    {"jobs", 'j', "N", 0, "Sessions at once (default: the number of cores)", 0},
    {"verbose", 'v', NULL, 0, "Show every failure in full", 0},
    {"fresh", 'f', NULL, 0, "Run everything again, also what has not changed", 0},
    {0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct options *o = state->input;

    switch (key) {
    case 't':
        o->tool = argument;
        return 0;
    case 'T':
        o->test = argument;
        return 0;
    case 'J':
        o->json = argument;
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
        if (o->n_names == NAMES_MOST)
            argp_error(state, "at most %d exercises", NAMES_MOST);
        o->names[o->n_names++] = argument;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* Live lines go to the screen as they are known. */
struct live {
    struct report_context context;
    bool on;
};

static void on_row(void *arg, const json_t *exercise, const json_t *row)
{
    struct live *live = arg;
    struct buf line = BUF_EMPTY;

    (void)exercise;
    if (!live->on)
        return;
    report_check_line(row, &live->context, &line);
    fputs(buf_text(&line), stdout);
    fflush(stdout);
    buf_release(&line);
}

static int report(const json_t *result, const struct options *o, const struct report_context *ctx)
{
    struct buf out = BUF_EMPTY, err = BUF_EMPTY;
    int status = check_exit_status(result);

    if (report_find("text")->write(result, ctx, &out, &err))
        status = complain(STATUS_INCOMPLETE, "%s", buf_text(&err));
    else if (!write_output("-", &out))
        status = STATUS_INCOMPLETE;
    if (o->json) {
        buf_clear(&out);
        if (report_find("json")->write(result, ctx, &out, &err) || !write_output(o->json, &out))
            status = STATUS_INCOMPLETE;
    }
    buf_release(&out);
    buf_release(&err);
    return status;
}

/* The last result of each exercise, for `lab list`. Losing it would be no harm. */
static void remember(const struct kit *kit, const json_t *result)
{
    char *path = io_path(kit->build, "last.json");
    json_t *last = json_load_file(path, 0, NULL), *exercise;
    char *text;
    size_t i;

    if (!json_is_object(last)) {
        json_decref(last);
        last = json_object();
    }
    json_array_foreach (json_object_get(result, "exercises"), i, exercise)
        json_object_set(last, json_string_value(json_object_get(exercise, "id")), exercise);
    text = json_dumps(last, JSON_COMPACT);
    if (text)
        io_write_file(path, text, strlen(text), NULL);
    free(text);
    json_decref(last);
    free(path);
}

/* The chosen exercises with the student's files, or with what is the matter with them. */
static size_t gather(
    const struct kit *kit, const struct options *o, const bool *chosen, struct check_item *items)
{
    size_t n = 0;

    for (size_t i = 0; i < kit->n_exercises; i++) {
        const struct manifest *m = &kit->exercises[i];
        char *path, *trouble;

        if (!chosen[i])
            continue;
        path = kit_path(kit, "labs", m, m->edit);
        trouble = own_file_trouble(path, m->edit, m->id);
        if (trouble) {
            complain(0, "%s", trouble);
            free(path);
            path = NULL;
        }
        items[n++] = (struct check_item){
            .exercise = m, .source = path, .missing = trouble, .tool = o->tool, .test = o->test};
    }
    return n;
}

static int check_chosen(const struct kit *kit, const struct options *o, const bool *chosen)
{
    struct check_item *items = xcalloc(kit->n_exercises, sizeof(*items));
    char *labs = io_path(kit->root, "labs");
    struct live live = {.context = REPORT_CONTEXT_DEFAULT};
    struct buf err = BUF_EMPTY;
    bool interrupted = false;
    struct check_spec spec = {
        .kit = kit,
        .submission = "labs",
        .items = items,
        .n_items = gather(kit, o, chosen, items),
        .sandbox = "none",
        .level = BOX_LIMITS,
        .jobs = o->jobs ? o->jobs : cores(),
        .seed = fresh_seed(),
        .fresh = o->fresh || getenv("LAB_SEED"),
        .on_row = on_row,
        .arg = &live,
    };
    json_t *result;
    int status;

    live.context.files = labs;
    live.context.prefix = "labs";
    live.context.colour = isatty(STDOUT_FILENO) && !getenv("NO_COLOR");
    live.context.verbose = o->verbose;
    live.on = spec.n_items == 1;
    result = check_run(&spec, &interrupted, &err);
    if (result) {
        status = report(result, o, &live.context);
        remember(kit, result);
    } else {
        status = complain(STATUS_INCOMPLETE, "%s", buf_text(&err));
    }
    if (interrupted)
        status = complain(STATUS_INTERRUPTED, "Interrupted; what is not shown was not run.");
    json_decref(result);
    for (size_t i = 0; i < spec.n_items; i++) {
        free((char *)items[i].source);
        free((char *)items[i].missing);
    }
    free(items);
    free(labs);
    buf_release(&err);
    return status;
}

static int check(const struct kit *kit, const struct options *o)
{
    bool *chosen = xcalloc(kit->n_exercises, sizeof(*chosen));
    int status = STATUS_USAGE;

    if (o->tool && !tool_find(o->tool))
        complain(status,
            "There is no tool `%s`; there are plain, asan, tsan, memcheck, helgrind "
            "and explore.",
            o->tool);
    else if (choose_exercises(kit, o->names, o->n_names, chosen))
        status = check_chosen(kit, o, chosen);
    free(chosen);
    return status;
}

static int run_command(int argc, char **argv)
{
    static const struct argp argp = {.options = options,
        .parser = parse,
        .args_doc = "[EXERCISE...]",
        .doc = "Builds and judges your files in labs/; all exercises when none is named."};
    struct options o = {0};
    struct kit kit;
    int status;

    parse_options(&argp, argc, argv, &o);
    if (!open_kit(&kit))
        return STATUS_INCOMPLETE;
    status = check(&kit, &o);
    kit_release(&kit);
    return status;
}

const struct command command_check = {
    .name = "check",
    .arguments = "[EXERCISE...]",
    .does = "build and judge your files in labs/",
    .run = run_command,
};
