/* SPDX-License-Identifier: MIT */
/* lab similar - pairs of submissions of a graded class that are more alike than the class. */
#include "base/clean.h"
#include "base/io.h"
#include "lab/command.h"
#include "lab/similar.h"
#include "report/show.h"

#include <stdio.h>
#include <stdlib.h>

enum { PAIRS_SHOWN = 40, RUNS_SHOWN = 3, LINES_SHOWN = 4, COLUMN = 35 };

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

/* The submission whose files are in this directory; the directory's name when there is no result.
 */
static char *name_of(const struct options *o, const char *directory)
{
    char *path = xasprintf("%s/results/%s.json", o->results, directory);
    json_t *result = json_load_file(path, 0, NULL);
    const char *name = json_string_value(json_object_get(result, "submission"));
    char *shown = clean_name(name ? name : directory, 60);

    json_decref(result);
    free(path);
    return shown;
}

static struct buf text_of(const struct options *o, const struct manifest *m, const char *directory)
{
    char *path = xasprintf("%s/files/%s/%s/%s/%s", o->results, directory, m->unit, m->id, m->edit);
    struct buf text = BUF_EMPTY;

    io_read_file(path, 0, &text, NULL);
    free(path);
    return text;
}

/* Line `number` of the text, from 1; the caller frees. */
static char *line_of(const struct buf *text, int number)
{
    const char *at = buf_text(text);

    for (; *at && number > 1; number--) {
        at += strcspn(at, "\n");
        at += *at == '\n';
    }
    return xasprintf("%.*s", (int)strcspn(at, "\n"), at);
}

/* The beginning of a run, both files side by side. */
static void print_run(
    const struct similar_run *r, const struct buf *first, const struct buf *second)
{
    struct buf out = BUF_EMPTY;

    buf_printf(&out, "    lines %d-%d and %d-%d\n", r->first_from, r->first_to, r->second_from,
        r->second_to);
    for (int i = 0; i < LINES_SHOWN; i++) {
        char *left = r->first_from + i > r->first_to ? xstrdup("")
                                                     : line_of(first, r->first_from + i);
        char *right = r->second_from + i > r->second_to ? xstrdup("")
                                                        : line_of(second, r->second_from + i);

        if (*left || *right) {
            buf_puts(&out, "      ");
            show_padded(&out, left, COLUMN);
            buf_puts(&out, " | ");
            show_padded(&out, right, COLUMN);
            while (out.length && out.data[out.length - 1] == ' ')
                out.data[--out.length] = '\0';
            buf_putc(&out, '\n');
        }
        free(left);
        free(right);
    }
    fputs(buf_text(&out), stdout);
    buf_release(&out);
}

static void print_pair(
    const struct options *o, const struct manifest *m, const struct similar_pair *p)
{
    char *first = name_of(o, p->first), *second = name_of(o, p->second);
    struct buf left = text_of(o, m, p->first), right = text_of(o, m, p->second);

    printf("  %3.0f %%  %s and %s\n", p->percent, first, second);
    for (size_t i = 0; i < p->n_runs && i < RUNS_SHOWN; i++)
        print_run(&p->runs[i], &left, &right);
    free(first);
    free(second);
    buf_release(&left);
    buf_release(&right);
}

static json_t *pair_to_json(
    const struct options *o, const struct manifest *m, const struct similar_pair *p)
{
    json_t *runs = json_array(), *pair;
    char *first, *second;

    for (size_t i = 0; i < p->n_runs; i++)
        json_array_append_new(
            runs, json_pack("{s:[i,i], s:[i,i], s:i}", "first", p->runs[i].first_from,
                      p->runs[i].first_to, "second", p->runs[i].second_from, p->runs[i].second_to,
                      "tokens", p->runs[i].tokens));
    first = name_of(o, p->first);
    second = name_of(o, p->second);
    pair = json_pack("{s:s, s:s, s:s, s:f, s:o}", "exercise", m->id, "first", first, "second",
        second, "percent", p->percent, "runs", runs);
    free(first);
    free(second);
    return pair;
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
            json_array_append_new(all, pair_to_json(o, m, &pairs[k]));
            if (!o->json && k < PAIRS_SHOWN)
                print_pair(o, m, &pairs[k]);
        }
        if (!o->json && n > PAIRS_SHOWN)
            printf("  … and %zu more pairs; --json has all of them\n", n - PAIRS_SHOWN);
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
        .doc =
            "Lists pairs of submissions that are more alike than the class, after the stub's own "
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
