/* SPDX-License-Identifier: MIT */
/* lab doctor - tools, their proofs, the sandbox level; one remedy for each thing that is missing.
 */
#include "base/io.h"
#include "box/level.h"
#include "lab/command.h"
#include "lab/proof.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

static const struct argp_option options[] = {
    {"fresh", 'f', NULL, 0, "Prove every tool again", 0},
    {"json", 'J', NULL, 0, "As JSON", 0},
    {0},
};

struct options {
    bool fresh;
    bool json;
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct options *o = state->input;

    (void)argument;
    if (key == 'f')
        o->fresh = true;
    else if (key == 'J')
        o->json = true;
    else
        return ARGP_ERR_UNKNOWN;
    return 0;
}

/* One line of the report. */
static void add_line(
    json_t *lines, const char *what, bool good, const char *found, const char *remedy)
{
    json_array_append_new(lines, json_pack("{s:s, s:b, s:s, s:s*}", "what", what, "good", good,
                                     "found", found, "remedy", remedy));
}

static void look_at_tools(const struct kit *kit, bool fresh, json_t *lines)
{
    for (const struct tool *t = tools; t->name; t++) {
        struct buf err = BUF_EMPTY;
        const char *compiler = tool_compiler(t, &err);
        char *found = NULL;

        if (compiler && !proof_of_tool(kit, t, BOX_LIMITS, fresh, &err)) {
            found = xasprintf("%s (%s)", t->does, compiler);
            add_line(lines, t->name, true, found, NULL);
        } else {
            add_line(lines, t->name, false, "does not work here", buf_text(&err));
        }
        free(found);
        buf_release(&err);
    }
}

static bool look_at_sandbox(json_t *lines)
{
    struct box_level_report r = BOX_LEVEL_REPORT_EMPTY;
    struct buf err = BUF_EMPTY;
    bool good = !box_probe_level(&r, &err);

    if (!good) {
        add_line(lines, "sandbox", false, "no box can be started", buf_text(&err));
    } else {
        add_line(lines, "sandbox", r.level >= BOX_REDUCED, box_level_name(r.level), NULL);
        for (size_t i = 0; i < r.n_pieces; i++)
            add_line(lines, r.pieces[i].name, !r.pieces[i].remedy,
                r.pieces[i].found ? r.pieces[i].found : "", r.pieces[i].remedy);
    }
    box_level_report_release(&r);
    buf_release(&err);
    return good;
}

/* ThreadSanitizer of clang < 18 cannot start where addresses are too random; our launcher turns
 * that off for its runs. Said, because some containers forbid it. */
static void look_at_kernel(json_t *lines)
{
    struct buf bits = BUF_EMPTY;
    struct utsname u;
    char *found;

    uname(&u);
    if (io_read_file("/proc/sys/vm/mmap_rnd_bits", 64, &bits, NULL))
        buf_puts(&bits, "?");
    found = xasprintf(
        "%s %s, vm.mmap_rnd_bits %ld", u.sysname, u.release, strtol(buf_text(&bits), NULL, 10));
    add_line(lines, "kernel", true, found, NULL);
    free(found);
    buf_release(&bits);
}

static bool print_lines(const json_t *lines)
{
    bool all_good = true;
    json_t *line;
    size_t i;

    json_array_foreach (lines, i, line) {
        bool good = json_is_true(json_object_get(line, "good"));
        const char *remedy = json_string_value(json_object_get(line, "remedy"));

        printf("  %-4s %-12s %s\n", good ? "ok" : "--",
            json_string_value(json_object_get(line, "what")),
            json_string_value(json_object_get(line, "found")));
        if (remedy)
            printf("       %-12s -> %s\n", "", remedy);
        all_good = all_good && good;
    }
    return all_good;
}

static int examine(const struct kit *kit, const struct options *o)
{
    json_t *lines = json_array();
    bool good;

    look_at_kernel(lines);
    look_at_tools(kit, o->fresh, lines);
    look_at_sandbox(lines);
    if (o->json) {
        json_t *line;
        size_t i;

        good = true;
        json_array_foreach (lines, i, line)
            good = good && json_is_true(json_object_get(line, "good"));
        json_dumpf(lines, stdout, JSON_INDENT(1));
        putchar('\n');
    } else {
        puts("What this machine can do for Interleave:\n");
        good = print_lines(lines);
        puts(good ? "\nEverything is there." : "\nThe lines with -- say what to do about them.");
    }
    json_decref(lines);
    return good ? STATUS_OK : STATUS_INCOMPLETE;
}

static int run_command(int argc, char **argv)
{
    static const struct argp argp = {.options = options,
        .parser = parse,
        .doc = "Says what this machine can do, and one remedy for each thing that it cannot."};
    struct options o = {0};
    struct kit kit;
    int status;

    parse_options(&argp, argc, argv, &o);
    if (!open_kit(&kit))
        return STATUS_INCOMPLETE;
    status = examine(&kit, &o);
    kit_release(&kit);
    return status;
}

const struct command command_doctor = {
    .name = "doctor",
    .arguments = "",
    .does = "what this machine can do, and remedies",
    .run = run_command,
};
