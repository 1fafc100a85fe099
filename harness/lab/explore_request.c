/* SPDX-License-Identifier: MIT */
#include "lab/explore_request.h"

#include "lab/command.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum key {
    KEY_STRATEGY = 256,
    KEY_PREEMPTIONS,
    KEY_SCHEDULES,
    KEY_SECONDS,
    KEY_SEED,
    KEY_RACES,
    KEY_SPURIOUS,
    KEY_JOBS,
    KEY_KEEP_GOING,
    KEY_TRACE,
    KEY_JSON,
    KEY_SCENARIO,
    KEY_ARGS,
    KEY_SOURCE,
    KEY_STEP,
    KEY_GDB,
};

static const char *const strategies[] = {[EXPLORE_ALL] = "all",
    [EXPLORE_DPOR] = "dpor",
    [EXPLORE_BOUNDED] = "bounded",
    [EXPLORE_RANDOM] = "random"};

const char *strategy_name(enum explore_strategy s)
{
    return strategies[s];
}

/* A whole number from `least` to `most`, or a usage error that says so. */
static long number(
    struct argp_state *state, const char *option, const char *text, long least, long most)
{
    char *end;
    long value;

    errno = 0;
    value = strtol(text, &end, 10);
    if (errno || end == text || *end || value < least || value > most)
        argp_error(
            state, "%s wants a whole number from %ld to %ld, not `%s`", option, least, most, text);
    return value;
}

static double seconds(struct argp_state *state, const char *text)
{
    char *end;
    double value = strtod(text, &end);

    if (end == text || *end || !(value > 0 && value <= 1e6))
        argp_error(state, "--seconds wants a number of seconds, not `%s`", text);
    return value;
}

static enum explore_strategy strategy(struct argp_state *state, const char *text)
{
    for (size_t i = 0; i < sizeof(strategies) / sizeof(strategies[0]); i++)
        if (!strcmp(text, strategies[i]))
            return (enum explore_strategy)i;
    argp_error(state, "--strategy is one of all, dpor, bounded and random, not `%s`", text);
    return EXPLORE_ALL;
}

static bool races_ignored(struct argp_state *state, const char *text)
{
    if (strcmp(text, "fail") != 0 && strcmp(text, "ignore") != 0)
        argp_error(state, "--races is fail or ignore, not `%s`", text);
    return !strcmp(text, "ignore");
}

/* --trace html FILE: the format is the option's argument, the file is the next word. */
static void trace(struct explore_request *q, struct argp_state *state, const char *format)
{
    if (strcmp(format, "html") != 0)
        argp_error(state, "--trace wants a format and a file; the one format is html: "
                          "--trace html trace.html");
    if (state->next == state->argc)
        argp_error(state, "--trace html wants a file: --trace html trace.html");
    q->trace = state->argv[state->next++];
}

static error_t parse_search(int key, char *argument, struct argp_state *state)
{
    struct explore_request *q = state->input;

    switch (key) {
    case KEY_STRATEGY:
        q->strategy = strategy(state, argument);
        return 0;
    case KEY_PREEMPTIONS:
        q->preemptions = number(state, "--preemptions", argument, 0, 100);
        return 0;
    case KEY_SCHEDULES:
        q->schedules = number(state, "--schedules", argument, 1, 1000000000);
        return 0;
    case KEY_SEED:
        q->seed = (uint64_t)number(state, "--seed", argument, 0, 999999999);
        return 0;
    case KEY_SECONDS:
        q->seconds = seconds(state, argument);
        return 0;
    case KEY_JOBS:
        q->jobs = number(state, "--jobs", argument, 1, 256);
        return 0;
    case KEY_KEEP_GOING:
        q->keep_going = true;
        return 0;
    case KEY_SCENARIO:
        q->scenario = argument;
        return 0;
    case KEY_ARGS:
        q->args = argument;
        return 0;
    case ARGP_KEY_ARG:
        if (q->target)
            argp_error(state, "one exercise or file at a time");
        q->target = argument;
        return 0;
    case ARGP_KEY_END:
        if (!q->target)
            argp_error(state, "which exercise or file? For example: lab explore counter_mutex");
        if (q->args && !q->scenario)
            argp_error(state, "--args are arguments of a --scenario");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* What a search and its replays have in common. */
static error_t parse_common(int key, char *argument, struct argp_state *state)
{
    struct explore_request *q = state->input;

    switch (key) {
    case KEY_RACES:
        q->races_ignored = races_ignored(state, argument);
        return 0;
    case KEY_SPURIOUS:
        q->spurious = number(state, "--spurious", argument, 0, 100);
        return 0;
    case KEY_TRACE:
        trace(q, state, argument);
        return 0;
    case KEY_JSON:
        q->json = argument;
        return 0;
    case KEY_SOURCE:
        q->source = argument;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static error_t parse_explore(int key, char *argument, struct argp_state *state)
{
    error_t result = parse_common(key, argument, state);

    return result == ARGP_ERR_UNKNOWN ? parse_search(key, argument, state) : result;
}

static error_t parse_replay(int key, char *argument, struct argp_state *state)
{
    struct explore_request *q = state->input;

    switch (key) {
    case KEY_STEP:
        q->step = true;
        return 0;
    case KEY_GDB:
        q->gdb = true;
        return 0;
    case ARGP_KEY_ARG:
        if (q->schedule)
            argp_error(state, "one schedule at a time; one with spaces in it needs quotes");
        *(q->target ? &q->schedule : &q->target) = argument;
        return 0;
    case ARGP_KEY_END:
        if (!q->schedule)
            argp_error(state, "which schedule? `lab explore` prints the whole command");
        if (q->step && q->gdb)
            argp_error(state, "--step or --gdb, not both");
        return 0;
    default:
        return parse_common(key, argument, state);
    }
}

static const struct argp_option explore_options[] = {
    {NULL, 0, NULL, 0, "How to search:", 1},
    {"strategy", KEY_STRATEGY, "NAME", 0,
        "dpor: every interleaving that can make a difference; bounded: every one with few "
        "preemptions; random: a mix of random ways to choose; all (default): first dpor, and where "
        "that is too much bounded, then random",
        1},
    {"preemptions", KEY_PREEMPTIONS, "N", 0,
        "For bounded: switches away from a thread that could have gone on, at most (default 2)", 1},
    {"schedules", KEY_SCHEDULES, "N", 0, "Executions at most (default 4000)", 1},
    {"seconds", KEY_SECONDS, "N", 0,
        "Seconds at most. A search that ends by the clock is not the same every time", 1},
    {"seed", KEY_SEED, "N", 0, "Of random choices and of the judge's inputs (default 1)", 1},
    {"jobs", KEY_JOBS, "N", 0, "Work on so many cores (default 1)", 1},
    {NULL, 0, NULL, 0, "What counts as a failure:", 2},
    {"races", KEY_RACES, "fail|ignore", 0,
        "Is a data race a failure, even when the result is right? (default: fail)", 2},
    {"spurious", KEY_SPURIOUS, "N", 0,
        "So many times a condition wait may return without a signal, as POSIX allows: finds `if` "
        "where `while` is needed (default 1; for an exercise, what its lab.conf says)",
        2},
    {"keep-going", KEY_KEEP_GOING, NULL, 0,
        "Count all outcomes instead of stopping at the first failure", 2},
    {NULL, 0, NULL, 0, "Of an exercise:", 3},
    {"scenario", KEY_SCENARIO, "NAME", 0,
        "Explore this scenario of the exercise's probe.c, with --args, instead of what the judge "
        "asks for. Then nobody knows what is promised: only races, crashes, deadlocks and the like "
        "are failures",
        3},
    {"args", KEY_ARGS, "TEXT", 0, "Arguments of the scenario: \"threads=2 rounds=1\"", 3},
    {"source", KEY_SOURCE, "FILE", 0, "Use this file instead of the one in labs/", 3},
    {NULL, 0, NULL, 0, "What to write:", 4},
    {"trace", KEY_TRACE, "html FILE", 0,
        "The failing interleaving as a page to step through (two words: the format, the file)", 4},
    {"json", KEY_JSON, "FILE", 0, "All outcomes, schema interleave/explore/1; - is standard output",
        4},
    {0},
};

static const struct argp_option replay_options[] = {
    {"step", KEY_STEP, NULL, 0,
        "Go through it by key: n, space or right arrow forward, p, b or left arrow back, q ends",
        1},
    {"gdb", KEY_GDB, NULL, 0, "Stop in gdb at the last step that the explanation speaks of", 1},
    {"spurious", KEY_SPURIOUS, "N", 0,
        "As it was in the search; the command that `lab explore` "
        "prints has it where it matters",
        1},
    {"races", KEY_RACES, "fail|ignore", 0, "Is a data race a failure? (default: fail)", 1},
    {"source", KEY_SOURCE, "FILE", 0, "Use this file instead of the one in labs/", 1},
    {"trace", KEY_TRACE, "html FILE", 0,
        "Write a page to step through (two words: the format, the file)", 1},
    {0},
};

void explore_request_read(struct explore_request *q, int argc, char **argv)
{
    static const struct argp argp = {.options = explore_options,
        .parser = parse_explore,
        .args_doc = "EXERCISE|FILE.c",
        .doc =
            "Searches the orders in which the threads and processes of a program can run, and "
            "shows the shortest one that breaks it; or says how many there are and that none "
            "does.\v"
            "EXERCISE: your file in labs/ in the situations of its checks under explore; the "
            "checks decide what is wrong. FILE.c: any program of one file with pthreads and a "
            "main() of its own; failed assertions, abort, an exit status that is not 0, signals, "
            "deadlocks and data races are failures.\n\n"
            "Exit status: 0 nothing was found, 1 a failure was found, 2 wrong usage, 3 it could "
            "not be explored (does not compile, is not written yet, uses what explore does not "
            "control).\n\n"
            "docs/concepts/reading-an-interleaving.md says how to read what is shown."};

    q->self = program_invocation_name;
    parse_options(&argp, argc, argv, q);
}

void replay_request_read(struct explore_request *q, int argc, char **argv)
{
    static const struct argp argp = {.options = replay_options,
        .parser = parse_replay,
        .args_doc = "EXERCISE|FILE.c SCHEDULE",
        .doc =
            "Shows one interleaving again: always the same one, as long as the program is the "
            "same.\v"
            "SCHEDULE is what `lab explore` printed, in quotes: for an exercise the scenario, its "
            "arguments and the schedule proper, such as 'count threads=2 rounds=1 x1:1,2*4@3fa2'. "
            "If the program has changed since, replay says so, and where the two part.\n\n"
            "Exit status: 0 this interleaving ends well, 1 it fails, 2 wrong usage, 3 it could "
            "not be shown."};

    q->self = program_invocation_name;
    parse_options(&argp, argc, argv, q);
}

void explore_request_apply(const struct explore_request *q, struct explore_options *o)
{
    o->strategy = q->strategy;
    o->seed = q->seed;
    o->races_fail = o->races_fail && !q->races_ignored;
    o->jobs = (int)q->jobs;
    o->seconds = q->seconds;
    if (q->preemptions != REQUEST_NONE)
        o->preemptions = (int)q->preemptions;
    if (q->schedules != REQUEST_NONE)
        o->schedules = q->schedules;
    if (q->spurious != REQUEST_NONE)
        o->spurious = (int)q->spurious;
}
