/* SPDX-License-Identifier: MIT */
#include "tile_heatmap.h"

#include "memory.h"
#include "probe.h"
#include "scene.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST = 256, MOST_REPORTS = 512, GUARD = 0xa5 };

/* Slots of shared_add(): the whole job's counts. */
enum { SLOT_BEGUN, SLOT_OVER, SLOT_IN_CALLER, SLOT_STRAYS, SLOT_MISSED, SLOT_REPORTS_ELSEWHERE };

/* What was seen of one tile, in memory that all processes share. */
struct seen {
    long reads;
    long classified;
    long pid;
    long memory_kib; /* by how much the process that classified it had grown */
};

/* The job's context. The workers have a copy; `seen` is common. */
struct plan {
    const struct heatmap_job *job;
    struct seen *seen;
    long fates[MOST];
    long key;
    long labels;
    long stop_at; /* the report that says false; -1: none does */
    bool meets;   /* every worker waits in its first tile until all are there */
    bool measures;
    long base_kib;

    /* The caller's. */
    size_t n_reports;
    long reports[MOST_REPORTS];
    long totals[MOST_REPORTS];
    long untrue;
    long caller_kib;
};

static long caller, caller_thread;
static bool has_met; /* of this process */

static long across(const struct heatmap_job *job)
{
    return (job->width + job->tile - 1) / job->tile;
}

/* The number of the tile that lies there; -1 when none begins there. */
static long number_of(const struct heatmap_job *job, const struct heatmap_tile *tile)
{
    if (tile->x < 0 || tile->y < 0 || tile->x >= job->width || tile->y >= job->height)
        return -1;
    if (tile->x % job->tile != 0 || tile->y % job->tile != 0)
        return -1;
    return tile->y / job->tile * across(job) + tile->x / job->tile;
}

/* True when `tile` is exactly tile number `number`. */
static bool is_whole_tile(const struct heatmap_job *job, const struct heatmap_tile *tile)
{
    long right = tile->x + job->tile, below = tile->y + job->tile;

    return tile->x + tile->width == (right < job->width ? right : job->width) &&
           tile->y + tile->height == (below < job->height ? below : job->height);
}

static void meet_once(const struct plan *plan)
{
    if (has_met || !plan->meets)
        return;
    has_met = true;
    if (!meet("all workers", plan->job->workers))
        shared_add(SLOT_MISSED, 1);
}

static int read_tile(void *context, const struct heatmap_tile *tile, unsigned char *pixels)
{
    const struct plan *plan = context;
    long number = number_of(plan->job, tile);

    if (my_pid() == caller)
        shared_add(SLOT_IN_CALLER, 1);
    shared_add(SLOT_BEGUN, 1);
    if (number < 0 || number >= MOST || !is_whole_tile(plan->job, tile)) {
        shared_add(SLOT_STRAYS, 1);
        number = -1;
    }
    scene_fill(plan->key, tile->x, tile->y, tile->width, tile->height, pixels);
    if (number < 0)
        return 0;
    plan->seen[number].reads++;
    if (plan->fates[number] != FATE_UNREADABLE)
        return 0;
    meet_once(plan);
    shared_add(SLOT_OVER, 1);
    return -1;
}

/* A crash in the caller, where a solution without workers would call us, has to be survived. */
static void live(long fate)
{
    if (my_pid() == caller)
        return;
    if (fate == FATE_KILLED)
        raise(SIGKILL);
    if (fate == FATE_ABORTED)
        abort();
    if (fate == FATE_EXITED)
        _exit(0);
}

static int classify(void *context, const struct heatmap_tile *tile, const unsigned char *pixels)
{
    static const int sayings[FATE_COUNT] = {
        [FATE_NO_LABEL] = -300, [FATE_NONE] = HEATMAP_NONE, [FATE_TOO_LARGE] = HEATMAP_NONE + 1};
    const struct plan *plan = context;
    size_t size = (size_t)(tile->width * tile->height);
    long number = number_of(plan->job, tile);

    if (my_pid() == caller)
        shared_add(SLOT_IN_CALLER, 1);
    if (number < 0 || number >= MOST) {
        shared_add(SLOT_STRAYS, 1);
        return 0;
    }
    plan->seen[number].classified++;
    plan->seen[number].pid = my_pid();
    if (plan->measures)
        plan->seen[number].memory_kib = memory_kib() - plan->base_kib;
    meet_once(plan);
    shared_add(SLOT_OVER, 1);
    live(plan->fates[number]);
    if (plan->fates[number] != FATE_LABEL)
        return sayings[plan->fates[number]];
    return scene_label(fingerprint(pixels, size), plan->labels);
}

/* True is: so many tiles are over, and no other one was begun. */
static bool progress(void *context, size_t done, size_t total)
{
    struct plan *plan = context;

    if (my_pid() != caller || my_tid() != caller_thread) {
        shared_add(SLOT_REPORTS_ELSEWHERE, 1);
        return true;
    }
    if (shared_get(SLOT_BEGUN) != (long)done || shared_get(SLOT_OVER) != (long)done)
        plan->untrue++;
    if (plan->measures && memory_kib() - plan->base_kib > plan->caller_kib)
        plan->caller_kib = memory_kib() - plan->base_kib;
    if (plan->n_reports < MOST_REPORTS) {
        plan->reports[plan->n_reports] = (long)done;
        plan->totals[plan->n_reports] = (long)total;
    }
    return (long)plan->n_reports++ != plan->stop_at;
}

static struct heatmap_job job_from_args(void)
{
    return (struct heatmap_job){
        .width = arg_int("width"),
        .height = arg_int("height"),
        .tile = arg_int("tile"),
        .workers = (int)arg_int("workers"),
        .report_every = (size_t)arg_int("every"),
        .read_tile = read_tile,
        .classify = classify,
        .progress = progress,
    };
}

static void begin(void)
{
    caller = my_pid();
    caller_thread = my_tid();
    has_met = false;
}

static void plan_begin(struct plan *plan, struct heatmap_job *job)
{
    size_t count = 0;
    long *fates = arg_given("fates") ? arg_ints("fates", &count) : NULL;

    begin();
    *plan = (struct plan){
        .job = job,
        .seen = shared_memory(MOST * sizeof(struct seen)),
        .key = arg_int("key"),
        .labels = arg_int("labels"),
        .stop_at = arg_given("stop_at") ? arg_int("stop_at") : -1,
        .meets = arg_given("meets"),
        .measures = arg_given("measures"),
    };
    for (size_t i = 0; i < count && i < MOST; i++)
        plan->fates[i] = fates[i];
    free(fates);
    job->context = plan;
    if (plan->measures)
        plan->base_kib = memory_kib();
}

static long distinct_pids(const struct seen *seen, size_t count)
{
    long found = 0;

    for (size_t i = 0; i < count; i++) {
        size_t j = 0;

        while (j < i && seen[j].pid != seen[i].pid)
            j++;
        found += j == i && seen[i].pid != 0;
    }
    return found;
}

static void say_tiles(const struct plan *plan, const unsigned char *labels, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        fact_int("labels", labels[i]);
        fact_int("reads", plan->seen[i].reads);
        fact_int("classified", plan->seen[i].classified);
    }
    fact_bool("nothing_beyond", labels[count] == GUARD && labels[count + 1] == GUARD);
    fact_int("strays", shared_get(SLOT_STRAYS));
    fact_int("in_caller", shared_get(SLOT_IN_CALLER));
    fact_bool("all_reaped", spy(SPY_FORKS) == spy(SPY_REAPED));
}

static void say_reports(const struct plan *plan)
{
    fact_ints("reports", plan->reports, plan->n_reports < MOST_REPORTS ? plan->n_reports : 0);
    fact_ints("totals", plan->totals, plan->n_reports < MOST_REPORTS ? plan->n_reports : 0);
    fact_int("untrue", plan->untrue);
    fact_int("elsewhere", shared_get(SLOT_REPORTS_ELSEWHERE));
}

/* What differs from schedule to schedule, and is therefore not said under explore. */
static void say_workers(const struct plan *plan, size_t count)
{
    long most = 0;

    for (size_t i = 0; i < count; i++)
        most = plan->seen[i].memory_kib > most ? plan->seen[i].memory_kib : most;
    fact_int("forks", spy(SPY_FORKS));
    fact_int("peak", spy(SPY_CHILDREN_PEAK));
    fact_int("missed", shared_get(SLOT_MISSED));
    fact_int("hands", distinct_pids(plan->seen, count));
    fact_int("worker_kib", most);
    fact_int("caller_kib", plan->caller_kib);
}

/* The same job once before, of which nothing is left but what the student's file remembers. */
static void run_before(struct plan *plan, struct heatmap_job *job, unsigned char *labels)
{
    plan_begin(plan, job);
    heatmap_run(job, labels);
    for (unsigned slot = SLOT_BEGUN; slot <= SLOT_REPORTS_ELSEWHERE; slot++)
        shared_add(slot, -shared_get(slot));
}

static size_t run_job(struct plan *plan, struct heatmap_job *job, unsigned char *labels)
{
    size_t count = (size_t)(across(job) * ((job->height + job->tile - 1) / job->tile));

    if (arg_given("again"))
        run_before(plan, job, labels);
    memset(labels, GUARD, MOST + 2);
    plan_begin(plan, job);
    errno = 0;
    fact_int("lost", heatmap_run(job, labels));
    fact_int("error", errno);
    return count < MOST ? count : MOST;
}

SCENARIO(tiles)
{
    struct heatmap_job job = job_from_args();
    size_t columns = heatmap_columns(&job), rows = heatmap_rows(&job);

    begin();
    fact_int("columns", (long)columns);
    fact_int("rows", (long)rows);
    for (size_t i = 0; i < columns * rows && i < MOST; i++) {
        struct heatmap_tile tile = heatmap_tile(&job, i);

        fact_int("x", tile.x);
        fact_int("y", tile.y);
        fact_int("widths", tile.width);
        fact_int("heights", tile.height);
    }
}

SCENARIO(job)
{
    static struct plan plan;
    static unsigned char labels[MOST + 2];
    struct heatmap_job job = job_from_args();
    size_t count = run_job(&plan, &job, labels);

    say_tiles(&plan, labels, count);
    say_reports(&plan);
    say_workers(&plan, count);
}

/* Small, for all schedules: nothing that differs between them is a fact. */
SCENARIO(any_order)
{
    static struct plan plan;
    static unsigned char labels[MOST + 2];
    struct heatmap_job job = job_from_args();
    size_t count = run_job(&plan, &job, labels);

    say_tiles(&plan, labels, count);
    say_reports(&plan);
}

/* A job that makes no sense: nothing of it is begun. */
SCENARIO(nonsense)
{
    static struct plan plan;
    unsigned char labels[4] = {GUARD, GUARD, GUARD, GUARD};
    struct heatmap_job job = job_from_args();

    plan_begin(&plan, &job);
    errno = 0;
    fact_int("lost", heatmap_run(&job, labels));
    fact_int("error", errno);
    fact_int("reports", (long)plan.n_reports);
    fact_int("forks", spy(SPY_FORKS));
    fact_bool("untouched", labels[0] == GUARD && labels[3] == GUARD);
}

/* After that many processes there is no further one to be had. */
SCENARIO(no_process)
{
    static struct plan plan;
    static unsigned char labels[MOST + 2];
    struct heatmap_job job = job_from_args();

    limit_tasks((int)arg_int("most"));
    run_job(&plan, &job, labels);
    fact_bool("all_reaped", spy(SPY_FORKS) == spy(SPY_REAPED));
    fact_int("begun", shared_get(SLOT_BEGUN));
}

/* The picture of the curriculum at its full size; its pixels are cheap, and each tile is seen. */
static int read_number(void *context, const struct heatmap_tile *tile, unsigned char *pixels)
{
    unsigned char *reads = context;

    reads[tile->y / 100 * 100 + tile->x / 100]++;
    memset(pixels, (int)(tile->x / 100), (size_t)(tile->width * tile->height));
    return 0;
}

static bool goes_on(void *context, size_t done, size_t total)
{
    (void)context;
    (void)done;
    (void)total;
    return true;
}

SCENARIO(full_size)
{
    enum { CELLS = 100 * 100 };
    unsigned char *reads = shared_memory(CELLS);
    unsigned char *labels = malloc(CELLS);
    struct heatmap_job job = job_from_args();

    begin();
    job.context = reads;
    job.read_tile = read_number;
    job.classify = heatmap_stripes;
    job.progress = goes_on;
    fact_int("lost", heatmap_run(&job, labels));
    fact_fingerprint("labels", labels, CELLS);
    fact_fingerprint("reads", reads, CELLS);
    free(labels);
}
