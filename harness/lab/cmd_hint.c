/* SPDX-License-Identifier: MIT */
/* lab hint - the next of an exercise's three hints; which one is next is kept in build/hints. */
#include "base/io.h"
#include "lab/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static error_t parse(int key, char *argument, struct argp_state *state)
{
    const char **name = state->input;

    if (key == ARGP_KEY_ARG && !*name) {
        *name = argument;
        return 0;
    }
    if (key == ARGP_KEY_END && !*name)
        argp_error(state, "which exercise? For example: lab hint counter_mutex");
    return ARGP_ERR_UNKNOWN;
}

/* Wraps a hint at 76 columns. */
static void print_wrapped(const char *text)
{
    size_t column = 0;

    while (*text) {
        size_t word = strcspn(text, " \n");

        if (column && column + 1 + word > 74) {
            putchar('\n');
            column = 0;
        }
        printf("%s%.*s", column ? " " : "  ", (int)word, text);
        column += word + 1;
        text += word;
        text += strspn(text, " \n");
    }
    putchar('\n');
}

static int give_hint(const struct kit *kit, const struct manifest *m)
{
    char *directory = io_path(kit->build, "hints");
    char *path = io_path(directory, m->id);
    struct buf given = BUF_EMPTY, err = BUF_EMPTY;
    char number[16];
    long n = 0;

    if (io_is_file(path) && !io_read_file(path, 64, &given, NULL))
        n = strtol(buf_text(&given), NULL, 10) % MANIFEST_HINTS;
    if (n < 0)
        n = 0;
    printf("Hint %ld of %d for %s\n\n", n + 1, MANIFEST_HINTS, m->id);
    print_wrapped(m->hints[n]);
    if (n + 1 < MANIFEST_HINTS)
        printf("\nAsk again for the next one: lab hint %s\n", m->id);
    snprintf(number, sizeof(number), "%ld\n", n + 1);
    if (io_make_directories(directory, &err) || io_write_file(path, number, strlen(number), &err))
        complain(STATUS_OK, "%s The next call will show this hint again.", buf_text(&err));
    buf_release(&given);
    buf_release(&err);
    free(directory);
    free(path);
    return STATUS_OK;
}

static int run_command(int argc, char **argv)
{
    static const struct argp argp = {.parser = parse,
        .args_doc = "EXERCISE",
        .doc = "Shows the next of three hints: a question, a pointer, nearly the answer."};
    const char *name = NULL;
    struct buf err = BUF_EMPTY;
    const struct manifest *m;
    struct kit kit;
    int status;

    parse_options(&argp, argc, argv, &name);
    if (!open_kit(&kit))
        return STATUS_INCOMPLETE;
    m = kit_find(&kit, name, &err);
    status = m ? give_hint(&kit, m) : complain(STATUS_USAGE, "%s", buf_text(&err));
    buf_release(&err);
    kit_release(&kit);
    return status;
}

const struct command command_hint = {
    .name = "hint",
    .arguments = "EXERCISE",
    .does = "the next of three hints",
    .run = run_command,
};
