/* SPDX-License-Identifier: MIT */
/* lab coverage - runs the reference solutions, built for gcov, under their judges (make coverage).
 */
#include "base/io.h"
#include "lab/command.h"

#include <stdio.h>
#include <stdlib.h>

static error_t parse(int key, char *argument, struct argp_state *state)
{
    const char **directory = state->input;

    if (key == ARGP_KEY_ARG && !*directory) {
        *directory = argument;
        return 0;
    }
    if (key == ARGP_KEY_END && !*directory)
        argp_error(state, "where to? For example: lab coverage build/coverage/data");
    return ARGP_ERR_UNKNOWN;
}

static int run_solutions(const struct kit *kit, const char *directory)
{
    struct check_item *items = xcalloc(kit->n_exercises, sizeof(*items));
    const struct check_spec spec = {
        .kit = kit,
        .submission = "solutions",
        .items = items,
        .n_items = kit->n_exercises,
        .sandbox = "none",
        .level = BOX_LIMITS,
        .jobs = cores(),
        .seed = fresh_seed(),
        .fresh = true,
    };
    struct buf err = BUF_EMPTY;
    bool interrupted = false;
    json_t *result;
    int status;

    for (size_t i = 0; i < kit->n_exercises; i++) {
        const struct manifest *m = &kit->exercises[i];

        items[i] = (struct check_item){.exercise = m,
            .source = kit_path(kit, "solutions", m, m->edit),
            .tool = "plain",
            .as = "coverage",
            .keep = io_path(directory, m->id)};
    }
    result = check_run(&spec, &interrupted, &err);
    status = result ? check_exit_status(result) : complain(STATUS_INCOMPLETE, "%s", buf_text(&err));
    if (result && status)
        complain(status, "Not every solution passed under coverage; `lab selfcheck` says more.");
    for (size_t i = 0; i < kit->n_exercises; i++) {
        free((char *)items[i].source);
        free((char *)items[i].keep);
    }
    free(items);
    json_decref(result);
    buf_release(&err);
    return interrupted ? STATUS_INTERRUPTED : status;
}

static int run_command(int argc, char **argv)
{
    static const struct argp argp = {.parser = parse,
        .args_doc = "DIRECTORY",
        .doc = "Runs the reference solutions under their judges and leaves gcov's data there."};
    const char *directory = NULL;
    char *full;
    struct kit kit;
    struct buf err = BUF_EMPTY;
    int status;

    parse_options(&argp, argc, argv, &directory);
    if (io_make_directories(directory, &err))
        return complain(STATUS_INCOMPLETE, "%s", buf_text(&err));
    if (!open_kit(&kit))
        return STATUS_INCOMPLETE;
    full = realpath(directory, NULL);
    status = run_solutions(&kit, full ? full : directory);
    free(full);
    kit_release(&kit);
    return status;
}

const struct command command_coverage = {
    .name = "coverage",
    .arguments = "DIRECTORY",
    .does = "gcov data of the reference solutions",
    .run = run_command,
};
