/* SPDX-License-Identifier: MIT */
/* lab reset - the stub back in its place, the old file kept beside it. */
#include "base/io.h"
#include "lab/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static error_t parse(int key, char *argument, struct argp_state *state)
{
    const char **name = state->input;

    if (key == ARGP_KEY_ARG && !*name) {
        *name = argument;
        return 0;
    }
    if (key == ARGP_KEY_END && !*name)
        argp_error(state, "which exercise? For example: lab reset counter_mutex");
    return ARGP_ERR_UNKNOWN;
}

/* "counter_mutex.c.before-reset-20261124-093000": sorts by time and is no .c file. */
static char *kept_name(const char *path)
{
    time_t now = time(NULL);
    struct tm tm;
    char stamp[32];

    localtime_r(&now, &tm);
    strftime(stamp, sizeof(stamp), "%Y%m%d-%H%M%S", &tm);
    return xasprintf("%s.before-reset-%s", path, stamp);
}

static int reset(const struct kit *kit, const struct manifest *m)
{
    char *path = kit_path(kit, "labs", m, m->edit);
    char *pristine = kit_path(kit, "tests", m, "stub.c");
    char *kept = kept_name(path);
    struct buf stub = BUF_EMPTY, err = BUF_EMPTY;
    int status = STATUS_OK;

    if (io_read_file(pristine, 0, &stub, &err))
        status = complain(STATUS_INCOMPLETE, "%s A fresh copy of the kit has it.", buf_text(&err));
    else if (access(path, F_OK) == 0 && rename(path, kept))
        status = complain(
            STATUS_INCOMPLETE, "Cannot keep the old file as %s; nothing was changed.", kept);
    else if (io_write_file(path, buf_text(&stub), stub.length, &err))
        status = complain(STATUS_INCOMPLETE, "%s Your old file is %s.", buf_text(&err), kept);
    else if (access(kept, F_OK) == 0)
        printf("%s is the stub again. Your old file is kept:\n  %s\n", m->edit, kept);
    else
        printf("%s is the stub again.\n", m->edit);
    buf_release(&stub);
    buf_release(&err);
    free(path);
    free(pristine);
    free(kept);
    return status;
}

static int run_command(int argc, char **argv)
{
    static const struct argp argp = {.parser = parse,
        .args_doc = "EXERCISE",
        .doc = "Puts the stub back and keeps the old file beside it."};
    const char *name = NULL;
    struct buf err = BUF_EMPTY;
    const struct manifest *m;
    struct kit kit;
    int status;

    parse_options(&argp, argc, argv, &name);
    if (!open_kit(&kit))
        return STATUS_INCOMPLETE;
    m = kit_find(&kit, name, &err);
    status = m ? reset(&kit, m) : complain(STATUS_USAGE, "%s", buf_text(&err));
    buf_release(&err);
    kit_release(&kit);
    return status;
}

const struct command command_reset = {
    .name = "reset",
    .arguments = "EXERCISE",
    .does = "the stub back, your file kept beside it",
    .run = run_command,
};
