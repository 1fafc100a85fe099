/* SPDX-License-Identifier: MIT */
#include "pipeline_threads.h"

#include "../timetable.h"
#include "probe.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>

enum { STAGES = PIPELINE_STAGES, MOST_CALLS = 256, MOST_DATES = 4, UNTOUCHED = 0x5a5a };

/* A meeting that a stage keeps in its n-th call of work(), counted from 0. */
struct date {
    const char *name;
    long call;
    int parties;
    bool kept; /* what meet() said */
};

/* What one stage is to do and what it saw. Written by the stage's thread alone: when the student's
 * pipeline lets two threads in, that is a race, and TSan says so. */
struct station {
    long add;     /* what work() does to an item */
    long fail_at; /* the call in which it fails; -1: never */
    long fail_with;
    struct date dates[MOST_DATES];
    int n_dates;

    long calls;
    long seen[MOST_CALLS];
    long dones;
    long done_turn;        /* the first done() of all stages has turn 1 */
    long calls_after_done; /* work() after done() */
    long thread;
    long thread_changes;
};

enum { SLOT_TURN };

/* Wraps around: any long may be an item. */
static long plus(long a, long b)
{
    return (long)((unsigned long)a + (unsigned long)b);
}

static void note_thread(struct station *s)
{
    long thread = my_tid();

    if (s->thread != 0 && s->thread != thread)
        s->thread_changes++;
    s->thread = thread;
}

static void keep_dates(struct station *s, long call)
{
    for (int i = 0; i < s->n_dates; i++)
        if (s->dates[i].call == call)
            s->dates[i].kept = meet(s->dates[i].name, s->dates[i].parties);
}

static int work(void *context, long item, long *ret_item)
{
    struct station *s = context;
    long call = s->calls++;

    note_thread(s);
    if (call < MOST_CALLS)
        s->seen[call] = item;
    if (s->dones > 0)
        s->calls_after_done++;
    keep_dates(s, call);
    if (call == s->fail_at)
        return (int)s->fail_with;
    *ret_item = plus(item, s->add);
    return 0;
}

static void done(void *context)
{
    struct station *s = context;

    note_thread(s);
    s->dones++;
    s->done_turn = shared_add(SLOT_TURN, 1) + 1;
}

static void date(struct station *s, const char *name, long call, int parties)
{
    s->dates[s->n_dates++] = (struct date){.name = name, .call = call, .parties = parties};
}

static void stations_init(struct station *stations)
{
    size_t count;
    long *adds = arg_ints("adds", &count);

    for (size_t s = 0; s < STAGES; s++)
        stations[s] = (struct station){.add = s < count ? adds[s] : 0, .fail_at = -1};
    free(adds);
}

/* How many different threads worked, none of them the caller's. */
static long distinct_threads(const struct station *stations)
{
    long distinct = 0;

    for (int s = 0; s < STAGES; s++) {
        bool is_new = stations[s].thread != my_tid() && stations[s].thread != 0;

        for (int other = 0; other < s; other++)
            is_new = is_new && stations[other].thread != stations[s].thread;
        distinct += is_new;
    }
    return distinct;
}

static void say_stations(const struct station *stations)
{
    static const char *const names[STAGES] = {"seen_A", "seen_B", "seen_C"};
    long after_done = 0, changes = 0;

    for (int s = 0; s < STAGES; s++) {
        long calls = stations[s].calls < MOST_CALLS ? stations[s].calls : MOST_CALLS;

        fact_ints(names[s], stations[s].seen, (size_t)calls);
        fact_int("dones", stations[s].dones);
        fact_int("done_turns", stations[s].done_turn);
        after_done += stations[s].calls_after_done;
        changes += stations[s].thread_changes;
    }
    fact_int("calls_after_done", after_done);
    fact_int("stage_threads", distinct_threads(stations));
    fact_int("thread_changes", changes);
}

/* After a failure, what the stages before it had begun depends on the schedule: said only where one
 * schedule is looked at. */
static void say_failure(const struct station *stations, int failed)
{
    static const char *const names[STAGES] = {"seen_A", "seen_B", "seen_C"};

    for (int s = 0; s < STAGES; s++) {
        if (arg_given("upstream"))
            fact_int("calls", stations[s].calls);
        if (s < failed)
            continue;
        fact_ints(names[s], stations[s].seen,
            (size_t)(stations[s].calls < MOST_CALLS ? stations[s].calls : MOST_CALLS));
        fact_int("dones_from_failed", stations[s].dones);
    }
}

/* Runs the student's pipeline over the argument `items` and says what came out. */
static void run_pipeline(struct station *stations)
{
    size_t count;
    long *items = arg_ints("items", &count);
    long *results = malloc(count * sizeof *results + 1);
    struct pipeline_stage stages[STAGES];
    struct pipeline_end end = {.results = UNTOUCHED, .failed_stage = UNTOUCHED, .error = UNTOUCHED};
    long stray = 0;

    for (int s = 0; s < STAGES; s++)
        stages[s] = (struct pipeline_stage){work, done, &stations[s]};
    for (size_t i = 0; i < count; i++)
        results[i] = UNTOUCHED + (long)i;
    fact_int(
        "returned", pipeline_run(stages, (size_t)arg_int("capacity"), items, count, results, &end));
    fact_int("end_results", (long)end.results);
    fact_int("end_failed_stage", end.failed_stage);
    fact_int("end_error", end.error);

    size_t written = end.results < count ? end.results : count;
    fact_ints("results", results, written);
    for (size_t i = written; i < count; i++)
        stray += results[i] != UNTOUCHED + (long)i;
    fact_int("stray_results", stray);
    fact_int("threads_created", spy(SPY_THREADS_CREATED));
    fact_int("threads_joined", spy(SPY_THREADS_JOINED));
    free(results);
    free(items);
}

/* The plain flow. With `hold`, the first item stays in B until A has gone on as far as the queue
 * lets it, then the same in C: so both queues are full once, on every run. */
SCENARIO(flow)
{
    static struct station stations[STAGES];

    stations_init(stations);
    if (arg_given("hold")) {
        long full = arg_int("capacity") + 1;

        date(&stations[0], "first queue is full", full, 2);
        date(&stations[1], "first queue is full", 0, 2);
        date(&stations[1], "second queue is full", full, 2);
        date(&stations[2], "second queue is full", 0, 2);
    }
    run_pipeline(stations);
    say_stations(stations);
}

/* C on item n, B on n+1 and A on n+2, all three inside work() at the same time. */
SCENARIO(overlap)
{
    static struct station stations[STAGES];
    long at = arg_int("at");

    stations_init(stations);
    for (int s = 0; s < STAGES; s++)
        date(&stations[s], "all three work", at + STAGES - 1 - s, STAGES);
    run_pipeline(stations);
    say_stations(stations);
    fact_bool("all_three", stations[0].dates[0].kept && stations[1].dates[0].kept);
    fact_int("sleeps", spy(SPY_SLEEPS));
    fact_int("yields", spy(SPY_YIELDS));
}

/* While a stage is busy with its first item, the stage before it can begin with item capacity+1 and
 * not with capacity+2: nobody comes to the second meeting, and it is broken from outside. */
SCENARIO(back_pressure)
{
    static struct station stations[STAGES];
    long full = arg_int("capacity") + 1;
    static const char *const near[] = {"A fills its queue", "B fills its queue"};
    static const char *const far[] = {"A goes too far", "B goes too far"};

    stations_init(stations);
    for (int s = 0; s < STAGES - 1; s++) {
        date(&stations[s], near[s], full, 2);
        date(&stations[s], far[s], full + 1, 2);
        date(&stations[s + 1], near[s], 0, 2);
        date(&stations[s + 1], far[s], 0, 2);
    }
    run_pipeline(stations);
    say_stations(stations);
    for (int s = 0; s < STAGES - 1; s++) {
        /* Its meetings with the stage before it are its first two. */
        fact_bool("fills_queue", stations[s + 1].dates[0].kept);
        fact_bool("goes_too_far", stations[s + 1].dates[1].kept);
    }
}

SCENARIO(failure)
{
    static struct station stations[STAGES];
    int failed = (int)arg_int("stage");

    stations_init(stations);
    stations[failed].fail_at = arg_int("fail_at");
    stations[failed].fail_with = arg_int("fail_with");
    run_pipeline(stations);
    say_failure(stations, failed);
}

/* After that many threads there is no further one to be had. */
SCENARIO(no_thread)
{
    static struct station stations[STAGES];

    stations_init(stations);
    limit_tasks((int)arg_int("most"));
    run_pipeline(stations);
}

/* A and C fail, both of them: C on its first item, and A on one that it has in hand meanwhile. */
SCENARIO(two_failures)
{
    static struct station stations[STAGES];

    stations_init(stations);
    for (int s = 0; s < STAGES; s += 2) {
        stations[s].fail_at = s == 0;
        stations[s].fail_with = arg_int("fail_with") + s;
        date(&stations[s], "both fail", stations[s].fail_at, 2);
    }
    run_pipeline(stations);
}

/* A pipeline of its own, without facts: several of them can run at the same time. */
struct line {
    struct station stations[STAGES];
    long *items;
    size_t count;
    long results[MOST_CALLS];
    int returned;
    struct pipeline_end end;
};

static void *line_run(void *argument)
{
    struct line *line = argument;
    struct pipeline_stage stages[STAGES];

    for (int s = 0; s < STAGES; s++)
        stages[s] = (struct pipeline_stage){work, done, &line->stations[s]};
    line->returned = pipeline_run(stages, 1, line->items, line->count, line->results, &line->end);
    return NULL;
}

/* Two pipelines at the same time, of which the first fails, and then one more: none of them has
 * anything to do with the others. The two meet in stage B, on the last item of the shorter one. */
SCENARIO(side_by_side)
{
    enum { LINES = 3, FAILS = 0 };
    static struct line lines[LINES];
    pthread_t id;

    for (int i = 0; i < LINES; i++) {
        lines[i].items = arg_ints("items", &lines[i].count);
        lines[i].count = lines[i].count < MOST_CALLS ? lines[i].count : MOST_CALLS;
        stations_init(lines[i].stations);
        if (i < 2)
            date(&lines[i].stations[1], "both pipelines", (long)lines[i].count / 2, 2);
    }
    lines[FAILS].stations[1].fail_at = (long)lines[FAILS].count / 2;
    lines[FAILS].stations[1].fail_with = 1;
    pthread_create(&id, NULL, line_run, &lines[FAILS]);
    line_run(&lines[1]);
    pthread_join(id, NULL);
    line_run(&lines[2]);
    fact_bool("both", lines[FAILS].stations[1].dates[0].kept);
    for (int i = 0; i < LINES; i++) {
        fact_int("returned", lines[i].returned);
        fact_int("end_results", (long)lines[i].end.results);
        fact_int("end_failed_stage", lines[i].end.failed_stage);
        fact_ints("results", lines[i].results,
            lines[i].end.results < lines[i].count ? lines[i].end.results : lines[i].count);
        free(lines[i].items);
    }
}

/* Nonsense is refused before anything begins. */
SCENARIO(refused)
{
    static struct station stations[STAGES];

    stations_init(stations);
    run_pipeline(stations);
    fact_int("calls", stations[0].calls + stations[1].calls + stations[2].calls);
}

static struct timetable demo_table;

/* In the demo a stage adds its own letter as a decimal: item 3 comes out as 3123. */
struct demo_stage {
    int number;
    int messages;
};

static int demo_work(void *context, long item, long *ret_item)
{
    struct demo_stage *stage = context;

    timetable_keep(&demo_table, stage->number, stage->messages++);
    *ret_item = item * 10 + stage->number + 1;
    return 0;
}

static void demo_done(void *context)
{
    struct demo_stage *stage = context;

    timetable_keep(&demo_table, stage->number, stage->messages++);
}

SCENARIO(demo)
{
    enum { ITEMS = 5, CAPACITY = 2 };
    struct demo_stage context[STAGES] = {{.number = 0}, {.number = 1}, {.number = 2}};
    struct pipeline_stage stages[STAGES];
    long items[ITEMS], results[ITEMS];
    struct pipeline_end end = {0};

    demo_table = timetable_plan(ITEMS, CAPACITY, (const int[]){1, 2, 1});
    for (int s = 0; s < STAGES; s++)
        stages[s] = (struct pipeline_stage){demo_work, demo_done, &context[s]};
    for (int i = 0; i < ITEMS; i++)
        items[i] = i + 1;
    printf("%d items through three threads; A and C need one step for an item, B needs two;\n"
           "a queue holds %d.\n\n",
        ITEMS, CAPACITY);
    int returned = pipeline_run(stages, CAPACITY, items, ITEMS, results, &end);
    timetable_print(&demo_table, "queue");
    printf("\nEach stage wrote its number (A 1, B 2, C 3) behind the item:");
    for (size_t i = 0; i < end.results && i < ITEMS; i++)
        printf(" %ld", results[i]);
    printf("\n");
    fact_int("returned", returned);
    fact_int("end_results", (long)end.results);
}
