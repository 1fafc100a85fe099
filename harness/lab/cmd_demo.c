/* SPDX-License-Identifier: MIT */
/* lab demo - runs the reference solution through the scenario `demo` and shows what it printed. */
#include "base/io.h"
#include "lab/build.h"
#include "lab/command.h"
#include "lab/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static error_t parse(int key, char *argument, struct argp_state *state)
{
    const char **name = state->input;

    if (key == ARGP_KEY_ARG && !*name) {
        *name = argument;
        return 0;
    }
    if (key == ARGP_KEY_END && !*name)
        argp_error(state, "which exercise? For example: lab demo shared_global");
    return ARGP_ERR_UNKNOWN;
}

/* The scenario may write files: they go to the directory that `lab` was called from. */
static int play(const struct kit *kit, const struct manifest *m, const char *probe)
{
    struct runner_spec spec = {.kit = kit,
        .exercise = m,
        .tool = tool_find("plain"),
        .program = probe,
        .student = m->edit,
        .level = BOX_LIMITS,
        .seed = fresh_seed()};
    struct outcome_list list = {0};
    struct buf err = BUF_EMPTY;
    char here[4096], *args = NULL;
    struct runner r;
    int status = STATUS_INCOMPLETE;

    if (!getcwd(here, sizeof(here)))
        snprintf(here, sizeof(here), "/tmp");
    args = xasprintf("out=%s", here);
    if (runner_open(&r, &spec, &err) || runner_run(&r, "demo", args, &list, &err)) {
        complain(status, "%s", buf_text(&err));
    } else {
        fwrite(buf_text(&r.printed), 1, r.printed.length, stdout);
        status = list.items[0].verdict == VERDICT_PASS
                     ? STATUS_OK
                     : complain(STATUS_NOT_PASS, "The demonstration ended badly: %s.",
                           list.items[0].text);
    }
    outcome_list_release(&list);
    runner_close(&r);
    buf_release(&err);
    free(args);
    return status;
}

static bool has_scenario(const char *path)
{
    struct buf text = BUF_EMPTY;
    bool found = !io_read_file(path, 0, &text, NULL) && strstr(buf_text(&text), "SCENARIO(demo)");

    buf_release(&text);
    return found;
}

/* In probe.c or in another file of the probe. */
static bool has_demo(const struct kit *kit, const struct manifest *m)
{
    char *path = kit_path(kit, "tests", m, "probe.c");
    bool found = has_scenario(path);

    free(path);
    for (char **e = m->extra; e && *e && !found; e++) {
        path = io_path(kit->root, *e);
        found = has_scenario(path);
        free(path);
    }
    return found;
}

static int demo(const struct kit *kit, const struct manifest *m)
{
    char *source = kit_path(kit, "solutions", m, m->edit);
    const struct build_request request = {.kit = kit,
        .exercise = m,
        .tool = tool_find("plain"),
        .source = source,
        .level = BOX_LIMITS};
    struct build_result built = BUILD_RESULT_EMPTY;
    struct buf err = BUF_EMPTY;
    int status;

    if (!has_demo(kit, m))
        status = complain(STATUS_USAGE, "%s has no demonstration.", m->id);
    else if (build_probe(&request, &built, &err))
        status = complain(STATUS_INCOMPLETE, "%s", buf_text(&err));
    else if (built.verdict != VERDICT_PASS)
        status = complain(STATUS_INCOMPLETE, "%s", built.message);
    else
        status = play(kit, m, built.probe);
    build_result_release(&built);
    buf_release(&err);
    free(source);
    return status;
}

static int run_command(int argc, char **argv)
{
    static const struct argp argp = {.parser = parse,
        .args_doc = "EXERCISE",
        .doc = "Runs the reference solution and shows what each thread and process saw."};
    const char *name = NULL;
    struct buf err = BUF_EMPTY;
    const struct manifest *m;
    struct kit kit;
    int status;

    parse_options(&argp, argc, argv, &name);
    if (!open_kit(&kit))
        return STATUS_INCOMPLETE;
    m = kit_find(&kit, name, &err);
    status = m ? demo(&kit, m) : complain(STATUS_USAGE, "%s", buf_text(&err));
    buf_release(&err);
    kit_release(&kit);
    return status;
}

const struct command command_demo = {
    .name = "demo",
    .arguments = "EXERCISE",
    .does = "run the reference and show what each task saw",
    .run = run_command,
};
