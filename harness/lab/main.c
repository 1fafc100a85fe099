/* SPDX-License-Identifier: MIT */
/* main - finds the subcommand. */
#include "lab/command.h"
#include "lab/trace.h"

#include <stdio.h>
#include <string.h>

static const struct command *const commands[] = {
    &command_list,
    &command_check,
    &command_hint,
    &command_reset,
    &command_demo,
    &command_explore,
    &command_replay,
    &command_grade,
    &command_report,
    &command_class,
    &command_gradebook,
    &command_similar,
    &command_selfcheck,
    &command_coverage,
    &command_doctor,
};

enum { COMMANDS = sizeof(commands) / sizeof(commands[0]) };

static void print_usage(FILE *to)
{
    fputs("lab - learn threads and processes, and be told which interleaving breaks your code\n\n"
          "usage: lab COMMAND [ARGUMENTS]\n\n",
        to);
    for (size_t i = 0; i < COMMANDS; i++)
        fprintf(
            to, "  %-10s %-28s %s\n", commands[i]->name, commands[i]->arguments, commands[i]->does);
    fputs("\n`lab COMMAND --help` says more. Exit status: 0 every check passed, 1 some did not,\n"
          "2 wrong usage, 3 incomplete because the kit could not grade something.\n",
        to);
}

int main(int argc, char **argv)
{
    char name[64];
    int status;

    if (argc < 2) {
        print_usage(stderr);
        return STATUS_USAGE;
    }
    if (!strcmp(argv[1], "--version")) {
        puts("lab (Interleave) " KIT_VERSION);
        return STATUS_OK;
    }
    if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "help")) {
        print_usage(stdout);
        return STATUS_OK;
    }
    for (size_t i = 0; i < COMMANDS; i++) {
        if (strcmp(commands[i]->name, argv[1]))
            continue;
        snprintf(name, sizeof(name), "lab %s", argv[1]);
        argv[1] = name;
        status = commands[i]->run(argc - 1, argv + 1);
        trace_end();
        return status;
    }
    return complain(STATUS_USAGE, "There is no command `%s`. `lab help` shows them all.", argv[1]);
}
