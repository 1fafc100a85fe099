/* SPDX-License-Identifier: MIT */
/*
 * lab selfcheck - the kit checked by its own means: every stub says NOT_IMPLEMENTED, every solution
 * and every alternative passes under every tool, every wrong solution gets exactly the verdict,
 * from exactly the check, that its first line declares. And what a person would look for by hand:
 * files, sections, points.
 */
#include "base/io.h"
#include "lab/again.h"
#include "lab/command.h"
#include "lab/shelf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { NAMES_MOST = 64 };

struct options {
    char *names[NAMES_MOST];
    size_t n_names;
    unsigned jobs;
    bool fresh;
    bool files_only;
    const char *without;
    const char *tool;
};

static const struct argp_option options[] = {
    {"jobs", 'j', "N", 0, "Sessions at once (default: the number of cores)", 0},
    {"fresh", 'f', NULL, 0, "Run everything again, also what has not changed", 0},
    {"tool", 't', "TOOL", 0, "Only the checks under this tool", 0},
    {"without", 'w', "TOOL", 0, "Leave the checks under this tool out", 0},
    {"files", 'F', NULL, 0, "Only look at the files, run nothing", 0},
    {0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct options *o = state->input;

    switch (key) {
    case 'j':
        o->jobs = (unsigned)strtoul(argument, NULL, 10);
        return 0;
    case 'f':
        o->fresh = true;
        return 0;
    case 't':
        o->tool = argument;
        return 0;
    case 'w':
        o->without = argument;
        return 0;
    case 'F':
        o->files_only = true;
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

/* What one file of the shelf was held to, and what came of it. */
static size_t judge_specimen(const struct specimen *s, const json_t *exercise)
{
    const json_t *checks = json_object_get(exercise, "checks");
    size_t i, off = 0;
    json_t *row;

    json_array_foreach (checks, i, row) {
        const char *verdict = json_string_value(json_object_get(row, "verdict"));

        if (!strcmp(verdict, verdict_name(s->expected)))
            continue;
        printf("  off: %s\n       %s under %s is %s, expected %s\n       %s\n", s->path,
            json_string_value(json_object_get(row, "id")),
            json_string_value(json_object_get(row, "tool")), verdict, verdict_name(s->expected),
            json_string_value(json_object_get(row, "message")));
        off++;
    }
    return off;
}

/* What explore caught has to be there for everybody to see: with a schedule that replays. */
static size_t judge_schedules(
    const struct kit *kit, const struct specimen *s, const json_t *exercise)
{
    size_t i, off = 0;
    json_t *row;

    json_array_foreach (json_object_get(exercise, "checks"), i, row) {
        const char *verdict = json_string_value(json_object_get(row, "verdict"));
        struct buf why = BUF_EMPTY;

        if (strcmp(json_string_value(json_object_get(row, "tool")), "explore") || !s->test ||
            strcmp(verdict, verdict_name(s->expected)))
            continue;
        if (again_shows(kit, s->exercise, s->path, row, &why)) {
            printf("  off: %s\n       %s under explore is %s, but its schedule does not show that "
                   "again: %s\n",
                s->path, json_string_value(json_object_get(row, "id")), verdict, buf_text(&why));
            off++;
        }
        buf_release(&why);
    }
    return off;
}

/* Which checks of a file are run: all that count for it, or those of them under one tool. False
 * when there are none. */
static bool choose_checks(const struct specimen *s, const struct options *o, struct check_item *ret)
{
    *ret = (struct check_item){
        .exercise = s->exercise,
        .source = s->path,
        .tool = s->tool ? s->tool : o->tool,
        .test = s->test,
        .without = o->without,
    };
    return !o->tool || (s->tool ? !strcmp(s->tool, o->tool) : manifest_uses(s->exercise, o->tool));
}

static size_t run_specimens(const struct kit *kit, const struct shelf *shelf,
    const struct options *o, size_t *ret_ran, bool *ret_interrupted)
{
    struct check_item *items = xcalloc(shelf->n_specimens, sizeof(*items));
    struct buf err = BUF_EMPTY;
    struct check_spec spec = {
        .kit = kit,
        .submission = "selfcheck",
        .items = items,
        .sandbox = "none",
        .level = BOX_LIMITS,
        .jobs = o->jobs ? o->jobs : cores(),
        .seed = fresh_seed(),
        .fresh = o->fresh,
    };
    const struct specimen **ran = xcalloc(shelf->n_specimens + 1, sizeof(*ran));
    size_t off = 0, i;
    json_t *result, *exercise;

    for (i = 0; i < shelf->n_specimens; i++)
        if (choose_checks(&shelf->specimens[i], o, &items[spec.n_items]))
            ran[spec.n_items++] = &shelf->specimens[i];
    result = check_run(&spec, ret_interrupted, &err);
    if (!result)
        off = 1, complain(STATUS_INCOMPLETE, "%s", buf_text(&err));
    json_array_foreach (json_object_get(result, "exercises"), i, exercise)
        off += judge_specimen(ran[i], exercise) + judge_schedules(kit, ran[i], exercise);
    json_decref(result);
    *ret_ran = spec.n_items;
    free(items);
    free(ran);
    buf_release(&err);
    return off;
}

static int selfcheck(const struct kit *kit, const struct options *o)
{
    bool *chosen = xcalloc(kit->n_exercises, sizeof(*chosen)), interrupted = false;
    struct shelf shelf = SHELF_EMPTY;
    size_t off = 0, ran = 0;
    int status = STATUS_USAGE;

    if (!choose_exercises(kit, o->names, o->n_names, chosen))
        goto out;
    for (size_t i = 0; i < kit->n_exercises; i++)
        if (chosen[i])
            shelf_add_exercise(&shelf, kit, &kit->exercises[i]);
    for (size_t i = 0; i < shelf.n_complaints; i++)
        printf("  off: %s\n", shelf.complaints[i]);
    off = shelf.n_complaints;
    if (!o->files_only) {
        off += run_specimens(kit, &shelf, o, &ran, &interrupted);
    }
    printf("%zu files run, %zu thing%s off\n", ran, off, off == 1 ? " is" : "s are");
    status = interrupted ? STATUS_INTERRUPTED : off ? STATUS_NOT_PASS : STATUS_OK;
out:
    shelf_release(&shelf);
    free(chosen);
    return status;
}

static int run_command(int argc, char **argv)
{
    static const struct argp argp = {.options = options,
        .parser = parse,
        .args_doc = "[EXERCISE...]",
        .doc = "Holds the kit itself to what it promises; all exercises when none is named."};
    struct options o = {0};
    struct kit kit;
    int status;

    parse_options(&argp, argc, argv, &o);
    if (!open_kit(&kit))
        return STATUS_INCOMPLETE;
    status = selfcheck(&kit, &o);
    kit_release(&kit);
    return status;
}

const struct command command_selfcheck = {
    .name = "selfcheck",
    .arguments = "[EXERCISE...]",
    .does = "hold the kit itself to what it promises",
    .run = run_command,
};
