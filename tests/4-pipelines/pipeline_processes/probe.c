/* SPDX-License-Identifier: MIT */
#include "pipeline_processes.h"

#include "../timetable.h"
#include "material.h"
#include "probe.h"

#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

enum { STAGES = PIPELINE_STAGES, CALLER = STAGES, MOST_CALLS = 128, UNTOUCHED = 0x5a5a };

/* What one stage is to do and what it saw. The stations are in memory that the processes share;
 * each is written by its own stage only. The caller, who takes the results, has one too. */
struct station {
    int number;
    long key;
    long meet_at;  /* the call in which it meets others; -1: never */
    int meet_with; /* how many they are, it itself included */
    long fail_at;  /* the call in which it fails; -1: never */
    long fail_with;
    long kill_with; /* a signal: it is killed instead */

    long calls;
    long sizes[MOST_CALLS];
    long prints[MOST_CALLS]; /* fingerprints */
    long dones;
    long done_turn;        /* the first done() of all stages has turn 1 */
    long calls_after_done; /* work() after done() */
    long process;
    long process_changes;
    long descriptors; /* most that were open in work() or done() */
    bool met;
};

enum { SLOT_TURN };

static long start_descriptors;

/* An item or a result has come to this station. */
static long arrived(struct station *s, const void *bytes, size_t size)
{
    long call = s->calls++;

    if (call < MOST_CALLS) {
        s->sizes[call] = (long)size;
        s->prints[call] = (long)fingerprint(bytes, size);
    }
    s->calls_after_done += s->dones > 0;
    return call;
}

static void look_around(struct station *s)
{
    long process = my_pid(), descriptors = open_descriptors() - start_descriptors;

    s->process_changes += s->process != 0 && s->process != process;
    s->process = process;
    if (descriptors > s->descriptors)
        s->descriptors = descriptors;
}

static ssize_t work(void *context, const void *item, size_t size, void *result)
{
    struct station *s = context;
    long call = arrived(s, item, size);

    look_around(s);
    if (call == s->meet_at)
        s->met = meet("all at work", s->meet_with);
    if (call == s->fail_at) {
        if (s->kill_with > 0)
            kill(getpid(), (int)s->kill_with);
        return -s->fail_with;
    }
    return (ssize_t)material_work(s->number, s->key, item, size, result);
}

static void done(void *context)
{
    struct station *s = context;

    look_around(s);
    s->dones++;
    s->done_turn = shared_add(SLOT_TURN, 1) + 1;
}

static void take(void *context, const void *result, size_t size)
{
    struct station *s = context;
    long call = arrived(s, result, size);

    look_around(s);
    if (call == s->meet_at)
        s->met = meet("all at work", STAGES + 1);
}

/* Four stations: A, B, C and the caller. */
static struct station *stations_new(void)
{
    struct station *stations = shared_memory((STAGES + 1) * sizeof *stations);
    size_t count;
    long *keys = arg_ints("keys", &count);

    for (int s = 0; s <= CALLER; s++) {
        stations[s].number = s;
        stations[s].key = (size_t)s < count ? keys[s] : 0;
        stations[s].fail_at = stations[s].meet_at = -1;
        stations[s].meet_with = STAGES + 1;
    }
    free(keys);
    return stations;
}

/* The items that the judge asked for, by their sizes. Each in a block of its own size, so that the
 * sanitizers see a byte too much. */
static struct pipeline_record *items_new(size_t *ret_count)
{
    long *sizes = arg_ints("sizes", ret_count);
    struct pipeline_record *items = calloc(*ret_count + 1, sizeof *items);

    for (size_t i = 0; items != NULL && i < *ret_count; i++) {
        unsigned char *bytes = malloc((size_t)sizes[i] + (sizes[i] == 0));

        if (bytes == NULL)
            abort();
        material_item(arg_int("seed"), i, bytes, (size_t)sizes[i]);
        items[i] = (struct pipeline_record){bytes, (size_t)sizes[i]};
    }
    free(sizes);
    return items;
}

static void items_free(struct pipeline_record *items, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free((void *)items[i].data);
    free(items);
}

enum { SIGNALS = 32 };

/* What this process does on each signal, as the system says. */
static void signal_actions(uintptr_t *ret_actions)
{
    for (int i = 1; i < SIGNALS; i++) {
        struct sigaction now = {0};

        sigaction(i, NULL, &now);
        ret_actions[i] = (uintptr_t)now.sa_handler;
    }
}

/* Runs the student's pipeline and says how it ended. */
static void run_pipeline(struct station *stations)
{
    size_t count;
    struct pipeline_record *items = items_new(&count);
    struct pipeline_stage stages[STAGES];
    struct pipeline_sink sink = {take, &stations[CALLER]};
    struct pipeline_end end = {UNTOUCHED, UNTOUCHED, UNTOUCHED, UNTOUCHED};
    uintptr_t before[SIGNALS] = {0}, after[SIGNALS] = {0};

    for (int s = 0; s < STAGES; s++)
        stages[s] = (struct pipeline_stage){work, done, &stations[s]};
    if (arg_given("transfer"))
        limit_transfers((size_t)arg_int("transfer"));
    start_descriptors = open_descriptors();
    signal_actions(before);
    fact_int("returned", pipeline_run(stages, items, count, &sink, &end));
    signal_actions(after);
    limit_transfers(0);
    fact_int("end_results", (long)end.results);
    fact_int("end_failed_stage", end.failed_stage);
    fact_int("end_error", end.error);
    fact_int("end_signal", end.signal);
    fact_int("forks", spy(SPY_FORKS));
    fact_int("reaped", spy(SPY_REAPED));
    fact_int("threads_created", spy(SPY_THREADS_CREATED));
    fact_bool("signals_kept", memcmp(before, after, sizeof before) == 0);
    items_free(items, count);
}

static void say_seen(const struct station *stations, int from)
{
    static const char *const sizes[] = {"sizes_A", "sizes_B", "sizes_C", "sizes_out"};
    static const char *const prints[] = {"bytes_A", "bytes_B", "bytes_C", "bytes_out"};

    for (int s = from; s <= CALLER; s++) {
        size_t calls = (size_t)(stations[s].calls < MOST_CALLS ? stations[s].calls : MOST_CALLS);

        fact_ints(sizes[s], stations[s].sizes, calls);
        fact_ints(prints[s], stations[s].prints, calls);
    }
}

/* How many different processes worked, none of them the caller's. */
static long distinct_processes(const struct station *stations)
{
    long distinct = 0;

    for (int s = 0; s < STAGES; s++) {
        bool is_new = stations[s].process != my_pid() && stations[s].process != 0;

        for (int other = 0; other < s; other++)
            is_new = is_new && stations[other].process != stations[s].process;
        distinct += is_new;
    }
    return distinct;
}

static void say_stations(const struct station *stations)
{
    long after_done = 0, changes = 0;

    for (int s = 0; s < STAGES; s++) {
        fact_int("dones", stations[s].dones);
        fact_int("done_turns", stations[s].done_turn);
        after_done += stations[s].calls_after_done;
    }
    for (int s = 0; s <= CALLER; s++) {
        fact_int("descriptors", stations[s].descriptors);
        changes += stations[s].process_changes;
    }
    fact_int("calls_after_done", after_done);
    fact_int("stage_processes", distinct_processes(stations));
    fact_int("process_changes", changes);
}

/* With `transfer`, no read or write moves more than that many bytes at once. */
SCENARIO(flow)
{
    struct station *stations = stations_new();

    run_pipeline(stations);
    say_seen(stations, 0);
    say_stations(stations);
}

/* The caller takes result n while C is on item n+1, B on n+2 and A on n+3: all four at once. */
SCENARIO(overlap)
{
    struct station *stations = stations_new();
    long at = arg_int("at");

    for (int s = 0; s <= CALLER; s++)
        stations[s].meet_at = at + CALLER - s;
    run_pipeline(stations);
    say_seen(stations, 0);
    say_stations(stations);
    fact_bool(
        "all_four", stations[0].met && stations[1].met && stations[2].met && stations[CALLER].met);
    fact_int("sleeps", spy(SPY_SLEEPS));
    fact_int("yields", spy(SPY_YIELDS));
}

/* A stage fails: with an error, or killed by a signal. What the stages before it had begun depends
 * on the schedule: said only where one schedule is looked at. */
SCENARIO(failure)
{
    struct station *stations = stations_new();
    int failed = (int)arg_int("stage");

    stations[failed].fail_at = arg_int("fail_at");
    stations[failed].fail_with = arg_given("fail_with") ? arg_int("fail_with") : 0;
    stations[failed].kill_with = arg_given("kill_with") ? arg_int("kill_with") : 0;
    run_pipeline(stations);
    say_seen(stations, failed);
    for (int s = 0; s < STAGES; s++) {
        if (s >= failed)
            fact_int("dones_from_failed", stations[s].dones);
        if (arg_given("upstream"))
            fact_int("calls", stations[s].calls);
    }
}

/* After that many processes there is no further one to be had. */
SCENARIO(no_process)
{
    struct station *stations = stations_new();

    limit_tasks((int)arg_int("most"));
    run_pipeline(stations);
}

/* Leaves room for that many more descriptors, so that some pipe cannot be opened. */
SCENARIO(no_room)
{
    struct station *stations = stations_new();
    struct rlimit old, tight;
    int next = dup(0);

    close(next);
    getrlimit(RLIMIT_NOFILE, &old);
    tight = old;
    tight.rlim_cur = (rlim_t)(next + arg_int("room"));
    setrlimit(RLIMIT_NOFILE, &tight);
    run_pipeline(stations);
    setrlimit(RLIMIT_NOFILE, &old);
}

/* A and C fail, both of them: C on its first item, and A on one that it has in hand meanwhile. */
SCENARIO(two_failures)
{
    struct station *stations = stations_new();

    for (int s = 0; s < STAGES; s += 2) {
        stations[s].fail_at = s == 0;
        stations[s].fail_with = arg_int("fail_with") + s;
        stations[s].meet_at = stations[s].fail_at;
        stations[s].meet_with = 2;
    }
    run_pipeline(stations);
}

/* One that fails, and then another one, which has nothing to do with it. */
SCENARIO(one_after_another)
{
    struct station *stations = stations_new();

    stations[0].fail_at = 1;
    stations[0].fail_with = 1;
    run_pipeline(stations);
    stations = stations_new();
    run_pipeline(stations);
    say_seen(stations, 0);
}

/* In the demo an item is a text, and a stage appends its letter. */
struct demo_stage {
    int number;
    int messages;
    struct timetable *table;
};

static ssize_t demo_work(void *context, const void *item, size_t size, void *result)
{
    struct demo_stage *stage = context;

    timetable_keep(stage->table, stage->number, stage->messages++);
    memcpy(result, item, size);
    ((char *)result)[size] = (char)('A' + stage->number);
    return (ssize_t)size + 1;
}

static void demo_done(void *context)
{
    struct demo_stage *stage = context;

    timetable_keep(stage->table, stage->number, stage->messages++);
}

static void demo_take(void *context, const void *result, size_t size)
{
    char *texts = context;
    size_t used = strlen(texts);

    snprintf(texts + used, 128 - used, " %.*s", (int)size, (const char *)result);
}

SCENARIO(demo)
{
    enum { ITEMS = 5 };
    struct timetable *table = shared_memory(sizeof *table);
    struct demo_stage context[STAGES];
    struct pipeline_stage stages[STAGES];
    struct pipeline_record items[ITEMS];
    char texts[128] = "";
    struct pipeline_sink sink = {demo_take, texts};
    struct pipeline_end end = {0};

    *table = timetable_plan(ITEMS, ITEMS, (const int[]){1, 2, 1});
    for (int s = 0; s < STAGES; s++) {
        context[s] = (struct demo_stage){.number = s, .table = table};
        stages[s] = (struct pipeline_stage){demo_work, demo_done, &context[s]};
    }
    for (int i = 0; i < ITEMS; i++)
        items[i] = (struct pipeline_record){&"12345"[i], 1};
    printf("%d items through three processes; A and C need one step for an item, B needs two;\n"
           "a pipe holds all that is waiting here.\n\n",
        ITEMS);
    fflush(stdout);
    fact_int("returned", pipeline_run(stages, items, ITEMS, &sink, &end));
    timetable_print(table, "pipe");
    printf("\nEach stage appended its letter:%s\n", texts);
    fact_int("end_results", (long)end.results);
}
