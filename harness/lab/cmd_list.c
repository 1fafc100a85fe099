/* SPDX-License-Identifier: MIT */
/* lab list - the exercises in order, with points and the last verdict. */
#include "base/io.h"
#include "lab/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct argp_option options[] = {
    {"json", 'J', NULL, 0, "As JSON", 0},
    {0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    bool *json = state->input;

    (void)argument;
    if (key != 'J')
        return ARGP_ERR_UNKNOWN;
    *json = true;
    return 0;
}

/* "PASS" when all are, else the first verdict that is not; "-" when it was never checked. */
static const char *last_verdict(const json_t *last, const char *id)
{
    const json_t *checks = json_object_get(json_object_get(last, id), "checks");
    const char *verdict = checks ? "PASS" : "-";
    size_t i;
    json_t *row;

    json_array_foreach (checks, i, row) {
        const char *v = json_string_value(json_object_get(row, "verdict"));

        if (v && strcmp(v, "PASS"))
            return v;
    }
    return verdict;
}

static void print_json(const struct kit *kit, const json_t *last)
{
    json_t *list = json_array();

    for (size_t i = 0; i < kit->n_exercises; i++) {
        const struct manifest *m = &kit->exercises[i];

        json_array_append_new(
            list, json_pack("{s:s, s:s, s:s, s:s, s:i, s:f, s:s}", "id", m->id, "unit", m->unit,
                      "title", m->title, "concept", m->concept, "minutes", m->minutes, "points",
                      manifest_points(m), "last", last_verdict(last, m->id)));
    }
    json_dumpf(list, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(list);
}

static void print_table(const struct kit *kit, const json_t *last)
{
    const char *unit = "";

    for (size_t i = 0; i < kit->n_exercises; i++) {
        const struct manifest *m = &kit->exercises[i];

        if (strcmp(unit, m->unit))
            printf("%s%s\n", i ? "\n" : "", m->unit);
        unit = m->unit;
        printf("  %-19s %-32.32s %3g pt %3d min  %s\n", m->id, m->title, manifest_points(m),
            m->minutes, last_verdict(last, m->id));
    }
}

static int run_command(int argc, char **argv)
{
    static const struct argp argp = {
        .options = options, .parser = parse, .doc = "Shows the exercises in course order."};
    bool json = false;
    struct kit kit;
    json_t *last;
    char *path;

    parse_options(&argp, argc, argv, &json);
    if (!open_kit(&kit))
        return STATUS_INCOMPLETE;
    path = io_path(kit.build, "last.json");
    last = json_load_file(path, 0, NULL);
    if (json)
        print_json(&kit, last);
    else
        print_table(&kit, last);
    json_decref(last);
    free(path);
    kit_release(&kit);
    return STATUS_OK;
}

const struct command command_list = {
    .name = "list",
    .arguments = "[--json]",
    .does = "the exercises in order, points, last verdict",
    .run = run_command,
};
