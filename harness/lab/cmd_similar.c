/* SPDX-License-Identifier: MIT */
/* lab similar - pairs of submissions of a graded class that are more alike than the class. */
#include "base/clean.h"
#include "base/io.h"
#include "lab/command.h"
#include "lab/similar.h"

#include <stdio.h>
#include <stdlib.h>

struct options {
    const char *results;
    const char *exercises;
    bool json;
};

static const struct argp_option options[] = {
    {"exercises", 'e', "A,B", 0, "Only these exercises", 0},
    {"json", 'J', NULL, 0, "As JSON", 0},
    {0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct options *o = state->input;

    switch (key) {
    case 'e':
        o->exercises = argument;
        return 0;
    case 'J':
        o->json = true;
        return 0;
    case ARGP_KEY_ARG:
        if (o->results)
            argp_error(state, "one directory of results at a time");
        o->results = argument;
        return 0;
    case ARGP_KEY_END:
        if (!o->results)
            argp_error(state, "for example: lab similar results");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static void print_pair(const struct similar_pair *p)
{
    char *first = clean_name(p->first, 60), *second = clean_name(p->second, 60);

    printf("  %3.0f %%  %s and %s\n", p->percent, first, second);
    for (size_t i = 0; i < p->n_runs; i++)
        printf("         lines %d-%d and %d-%d\n", p->runs[i].first_from, p->runs[i].first_to,
            p->runs[i].second_from, p->runs[i].second_to);
    free(first);
    free(second);
}

static json_t *pair_to_json(const struct manifest *m, const struct similar_pair *p)
{
    json_t *runs = json_array();

    for (size_t i = 0; i < p->n_runs; i++)
        json_array_append_new(runs,
            json_pack("{s:[i,i], s:[i,i], s:i}", "first", p->runs[i].first_from,
                p->runs[i].first_to, "second", p->runs[i].second_from, p->runs[i].second_to,
                "tokens", p->runs[i].tokens));
    return json_pack("{s:s, s:s, s:s, s:f, s:o}", "exercise", m->id, "first", p->first, "second",
        p->second, "percent", p->percent, "runs", runs);
}

static int compare(const struct kit *kit, const struct options *o, const bool *chosen)
{
    char *files = io_path(o->results, "files");
    json_t *all = json_array();
    struct buf err = BUF_EMPTY;
    int status = STATUS_OK;

    for (size_t i = 0; i < kit->n_exercises && status == STATUS_OK; i++) {
        const struct manifest *m = &kit->exercises[i];
        struct similar_pair *pairs = NULL;
        size_t n = 0;

        if (!chosen[i])
            continue;
        if (similar_find(kit, m, files, &pairs, &n, &err))
            status = complain(STATUS_INCOMPLETE, "%s", buf_text(&err));
        if (n && !o->json)
            printf("%s\n", m->id);
        for (size_t k = 0; k < n; k++) {
            json_array_append_new(all, pair_to_json(m, &pairs[k]));
            if (!o->json)
                print_pair(&pairs[k]);
        }
        similar_free(pairs, n);
    }
    if (o->json) {
        json_dumpf(all, stdout, JSON_INDENT(1));
        putchar('\n');
    } else if (status == STATUS_OK) {
        printf(json_array_size(all) ? "\nA reason to look, not a verdict. The files are in %s.\n"
                                    : "No pair is more alike than the class. (Files: %s)\n",
            files);
    }
    json_decref(all);
    buf_release(&err);
    free(files);
    return status;
}

static int run_command(int argc, char **argv)
{
    static const struct argp argp = {.options = options,
        .parser = parse,
        .args_doc = "RESULTS",
        .doc = "Lists pairs of submissions that are more alike than the class, after the stub's own "
               "lines were taken away."};
    struct options o = {0};
    struct kit kit;
    bool *chosen;
    int status;

    parse_options(&argp, argc, argv, &o);
    if (!open_kit(&kit))
        return STATUS_INCOMPLETE;
    chosen = xcalloc(kit.n_exercises, sizeof(*chosen));
    status = choose_from_list(&kit, o.exercises, chosen) ? compare(&kit, &o, chosen) : STATUS_USAGE;
    free(chosen);
    kit_release(&kit);
    return status;
}

const struct command command_similar = {
    .name = "similar",
    .arguments = "RESULTS",
    .does = "pairs of submissions more alike than the class",
    .run = run_command,
};
