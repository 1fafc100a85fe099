/* SPDX-License-Identifier: MIT */
#include "pool_map.h"

#include "probe.h"
#include "workers.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { OLD_RESULT = -77, OLD_ERROR = 4711 };

struct item {
    long index;
    long value;
    long fate; /* FATE_ERROR and beyond: see probe_live() */
    long error;
};

/* How the function shall behave: the workers' copy of it is from before the pool was opened. */
struct plan {
    long factor;
    long summand;
    unsigned calls; /* first slot of the counts */
    const char *meeting;
    int parties;
    long held_for;  /* > 0: item 0 lasts until that many items have been called… */
    long held_from; /* …from this one on */
};

static int planned(const void *pointer, void *result, void *context)
{
    const struct plan *plan = context;
    struct item item;

    memcpy(&item, pointer, sizeof item);
    probe_note_call(plan->calls, item.index);
    if (plan->meeting != NULL && item.index < plan->parties)
        probe_note_meeting(plan->meeting, plan->parties);
    if (plan->held_for > 0 && item.index == 0)
        probe_note_meeting("all others", 2);
    if (plan->held_for > 0 && item.index >= plan->held_from &&
        shared_add(SLOT_BEGUN, 1) + 1 == plan->held_for)
        probe_note_meeting("all others", 2);
    probe_live(item.fate);
    if (item.fate == FATE_ERROR)
        return (int)item.error;
    *(long *)result = plan->factor * item.value + plan->summand;
    return 0;
}

/* One map with everything around it; all arrays have old values in them. */
struct job {
    size_t count;
    struct item items[MOST];
    long results[MOST];
    int errors[MOST];
};

static void job_fill(struct job *job, size_t count)
{
    job->count = count < MOST ? count : MOST;
    for (size_t i = 0; i < MOST; i++) {
        job->items[i] = (struct item){.index = (long)i, .value = (long)(3 * i)};
        job->results[i] = OLD_RESULT;
        job->errors[i] = OLD_ERROR;
    }
}

static void job_values(struct job *job, const char *argument)
{
    size_t count;
    long *values = arg_ints(argument, &count);

    job_fill(job, count);
    for (size_t i = 0; i < job->count; i++)
        job->items[i].value = values[i];
    free(values);
}

static long job_run(struct job *job, struct pool *pool, size_t chunk)
{
    return pool_map(pool, job->items, job->count, sizeof job->items[0], job->results,
        sizeof job->results[0], chunk, job->errors);
}

static void job_say(const struct job *job, unsigned slot)
{
    for (size_t i = 0; i < job->count; i++) {
        fact_int("results", job->results[i]);
        fact_int("errors", job->errors[i]);
        fact_int("calls", shared_get(slot + (unsigned)i));
    }
    if (job->count < MOST)
        fact_bool("nothing_beyond", job->results[job->count] == OLD_RESULT &&
                                        job->errors[job->count] == OLD_ERROR &&
                                        shared_get(slot + (unsigned)job->count) == 0);
}

static int to_bytes(const void *item, void *result, void *context)
{
    long value;

    (void)context;
    memcpy(&value, item, sizeof value);
    snprintf(result, 12, "%ld", value);
    return 0;
}

/* One worker; two pools one after the other, for items and results of other sizes, too. */
SCENARIO(alone)
{
    static struct job job;
    struct plan plan = {.factor = arg_int("factor"), .summand = arg_int("summand")};

    probe_begin();
    job_values(&job, "values");
    struct pool *pool = pool_open(1, planned, &plan);
    plan.factor = plan.summand = 0; /* the worker has its copy */
    fact_bool("opened", pool != NULL);
    fact_int("nothing", pool_map(pool, NULL, 0, 1, NULL, 1, 1, NULL));
    fact_int("failed", job_run(&job, pool, (size_t)arg_int("chunk")));
    fact_int("nothing", pool_map(pool, NULL, 0, 0, NULL, 0, 0, NULL));
    job_say(&job, SLOT_CALLS);
    pool_close(pool);
    pool_join(pool);

    char words[MOST][12] = {""};
    pool = pool_open(1, to_bytes, NULL);
    fact_int("failed", pool_map(pool, &job.items[0].value, 1, sizeof(long), words, 12, 0, NULL));
    fact_int("failed", pool_map(pool, job.results, job.count, sizeof(long), words, 12, 0, NULL));
    pool_join(pool);
    for (size_t i = 0; i < job.count; i++)
        fact_str("words", words[i]);
    probe_say_processes();
}

static long distinct(const long *pids, size_t count)
{
    long found = 0;

    for (size_t i = 0; i < count; i++) {
        size_t j = 0;

        while (j < i && pids[j] != pids[i])
            j++;
        found += j == i;
    }
    return found;
}

/* Two maps; in each of them as many items meet as there are workers for. */
SCENARIO(together)
{
    static struct job job;
    int workers = (int)arg_int("workers");
    size_t count = (size_t)arg_int("count"), chunk = (size_t)arg_int("chunk");
    int parties = (int)count < workers ? (int)count : workers;
    struct plan plan = {.factor = 2, .meeting = "all", .parties = parties};

    probe_begin();
    job_fill(&job, count);
    struct pool *pool = pool_open(workers, planned, &plan);
    fact_int("opened_with", spy(SPY_FORKS));
    fact_int("failed", job_run(&job, pool, chunk));
    job_say(&job, SLOT_CALLS);

    /* Other indices, so that the second map has counts and a meeting of its own. */
    for (size_t i = 0; i < count; i++)
        job.items[i].index += (long)count;
    fact_int("failed", job_run(&job, pool, chunk));
    pool_close(pool);
    pool_join(pool);
    fact_int("hands", distinct(probe_pid_of, 2 * count));
    fact_int("hands_meeting", distinct(probe_pid_of, (size_t)parties));
    probe_say_processes();
}

/* Item 0 lasts until every item of every other chunk has been called. */
SCENARIO(slow_one)
{
    static struct job job;
    size_t chunk = (size_t)arg_int("chunk");
    struct plan plan = {.factor = arg_int("factor"), .summand = arg_int("summand")};

    probe_begin();
    job_values(&job, "values");
    plan.held_for = (long)(job.count - chunk);
    plan.held_from = (long)chunk;
    struct pool *pool = pool_open((int)arg_int("workers"), planned, &plan);
    fact_int("failed", job_run(&job, pool, chunk));
    job_say(&job, SLOT_CALLS);
    pool_join(pool);
    probe_say_processes();
}

/* Item 0 lasts until the second chunk has begun: meanwhile nobody else may take what is behind it.
 */
SCENARIO(chunks)
{
    static struct job job;
    size_t chunk = (size_t)arg_int("chunk");
    struct plan plan = {.factor = 1, .held_for = 1, .held_from = (long)chunk};
    long strangers = 0;

    probe_begin();
    job_fill(&job, (size_t)arg_int("count"));
    struct pool *pool = pool_open((int)arg_int("workers"), planned, &plan);
    fact_int("failed", job_run(&job, pool, chunk));
    job_say(&job, SLOT_CALLS);
    pool_join(pool);
    for (size_t i = 0; i < job.count; i++)
        strangers += probe_pid_of[i] != probe_pid_of[i - i % chunk];
    fact_int("strangers", strangers);
    probe_say_processes();
}

static void give_fates(struct job *job)
{
    size_t count;
    long *fates = arg_ints("fates", &count);

    for (size_t i = 0; i < count && i < MOST; i++) {
        job->items[i].fate = fates[i] < FATE_SEGV ? fates[i] : FATE_SEGV;
        if (fates[i] >= 100) {
            job->items[i].fate = FATE_ERROR;
            job->items[i].error = fates[i];
        }
    }
    free(fates);
}

/* Items that fail and items that crash; afterwards the same pool has all its workers. */
SCENARIO(crashes)
{
    static struct job job;
    int workers = (int)arg_int("workers");
    size_t chunk = (size_t)arg_int("chunk");
    struct plan plan = {.factor = arg_int("factor"), .summand = arg_int("summand")};

    probe_begin();
    job_values(&job, "values");
    give_fates(&job);
    struct plan *shared = shared_memory(sizeof *shared); /* the second map has another plan */
    *shared = plan;
    struct pool *pool = pool_open(workers, planned, shared);
    fact_int("failed", job_run(&job, pool, chunk));
    job_say(&job, SLOT_CALLS);

    shared->calls = SLOT_SECOND;
    shared->meeting = "all again";
    shared->parties = workers;
    job_fill(&job, (size_t)workers);
    fact_int("failed_again", job_run(&job, pool, 1));
    for (size_t i = 0; i < job.count; i++)
        fact_int("calls_again", shared_get(SLOT_SECOND + (unsigned)i));
    pool_close(pool);
    pool_join(pool);
    probe_say_processes();
}

/* Nobody wants to know which items have an error. */
SCENARIO(without_errors)
{
    static struct job job;
    struct plan plan = {.factor = arg_int("factor"), .summand = arg_int("summand")};

    probe_begin();
    job_values(&job, "values");
    give_fates(&job);
    struct pool *pool = pool_open(2, planned, &plan);
    fact_int("failed", pool_map(pool, job.items, job.count, sizeof job.items[0], job.results,
                           sizeof job.results[0], 2, NULL));
    fact_ints("results", job.results, job.count);
    pool_join(pool);
}

/* The last items of a map, and then whole maps, crash: nothing is left to do when it happens. */
SCENARIO(all_crash)
{
    static struct job job;
    struct plan plan = {.factor = 1};
    int workers = (int)arg_int("workers");

    probe_begin();
    struct pool *pool = pool_open(workers, planned, &plan);
    for (int round = 0; round < 3; round++) {
        job_fill(&job, (size_t)arg_int("count"));
        for (size_t i = 0; i < job.count; i++)
            job.items[i].fate = FATE_KILLED;
        fact_int("failed", job_run(&job, pool, (size_t)arg_int("chunk")));
        for (size_t i = 0; i < job.count; i++)
            fact_int("errors", job.errors[i]);
    }
    pool_join(pool);
    probe_say_processes();
}

/* Something is printed into a buffer before the pool is opened and flushed after it is gone. */
SCENARIO(unflushed)
{
    static struct job job;
    struct plan plan = {.factor = 1};
    int ends[2];
    char bytes[64];

    probe_begin();
    if (pipe(ends) == -1)
        return;
    FILE *out = fdopen(ends[1], "w");
    fputs("once", out);
    job_fill(&job, 4);
    struct pool *pool = pool_open(2, planned, &plan);
    fact_int("failed", job_run(&job, pool, 1));
    pool_join(pool);
    fclose(out);
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    ssize_t got = read(ends[0], bytes, sizeof bytes - 1);
    bytes[got < 0 ? 0 : got] = '\0';
    fact_str("printed", bytes);
    close(ends[0]);
}

SCENARIO(closed)
{
    static struct job job;
    struct plan plan = {.factor = 1};

    probe_begin();
    job_fill(&job, 5);
    struct pool *pool = pool_open((int)arg_int("workers"), planned, &plan);
    fact_int("failed", job_run(&job, pool, 2));
    pool_close(pool);
    errno = 0;
    fact_int("refused", job_run(&job, pool, 2));
    fact_int("error", errno);
    pool_close(pool);
    pool_join(pool);
    probe_say_processes();
}

SCENARIO(nonsense)
{
    struct plan plan = {.factor = 1};

    probe_begin();
    errno = 0;
    struct pool *pool = pool_open((int)arg_int("workers"), planned, &plan);
    fact_int("error", errno);
    fact_bool("opened", pool != NULL);
    if (pool != NULL)
        pool_join(pool);
    probe_say_processes();
}

/* Leaves room for that many more descriptors, so that some pipe cannot be opened. */
SCENARIO(no_room)
{
    static struct job job;
    struct plan plan = {.factor = 1};
    struct rlimit old, tight;
    int next = dup(0);

    probe_begin();
    close(next);
    getrlimit(RLIMIT_NOFILE, &old);
    tight = old;
    tight.rlim_cur = (rlim_t)(next + arg_int("room"));
    setrlimit(RLIMIT_NOFILE, &tight);
    errno = 0;
    struct pool *pool = pool_open((int)arg_int("workers"), planned, &plan);
    fact_int("error", errno);
    setrlimit(RLIMIT_NOFILE, &old);
    fact_bool("opened", pool != NULL);
    job_fill(&job, 6);
    if (pool != NULL) {
        fact_int("failed", job_run(&job, pool, 1));
        pool_join(pool);
    }
    probe_say_processes();
}

/* After that many processes there is no further one to be had. */
SCENARIO(no_process)
{
    struct plan plan = {.factor = 1};

    probe_begin();
    limit_tasks((int)arg_int("most"));
    errno = 0;
    struct pool *pool = pool_open((int)arg_int("workers"), planned, &plan);
    fact_int("error", errno);
    fact_bool("opened", pool != NULL);
    if (pool != NULL)
        pool_join(pool);
    probe_say_processes();
}

/* The only worker crashes, and there is no process to be had in its place. */
SCENARIO(no_replacement)
{
    static struct job job;
    struct plan plan = {.factor = 1};

    probe_begin();
    job_fill(&job, 5);
    job.items[1].fate = FATE_KILLED;
    struct pool *pool = pool_open(1, planned, &plan);
    limit_tasks(0);
    errno = 0;
    fact_int("failed", job_run(&job, pool, 2));
    fact_int("error", errno);
    pool_join(pool);
    probe_say_processes();
}

/* Small, for all schedules: no pid and nothing else that differs between them is a fact. */
SCENARIO(any_order)
{
    static struct job job;
    struct plan plan = {.factor = arg_int("factor"), .summand = arg_int("summand")};

    probe_begin();
    job_values(&job, "values");
    if (arg_given("fates"))
        give_fates(&job);
    struct pool *pool = pool_open((int)arg_int("workers"), planned, &plan);
    fact_int("failed", job_run(&job, pool, (size_t)arg_int("chunk")));
    job_say(&job, SLOT_CALLS);
    pool_close(pool);
    pool_join(pool);
    fact_bool("all_reaped", spy(SPY_FORKS) == spy(SPY_REAPED));
    fact_int("ran_out", spy(SPY_SLEEPS));
}
