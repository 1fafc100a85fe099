/* SPDX-License-Identifier: MIT */
#include "pool_map.h"

#include "probe.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { MOST = 256, OLD_RESULT = -77, OLD_ERROR = 4711 };

/* Slots of shared_add(): how often the function was called for each item of the first and of the
 * second map, then the rest. */
enum { SLOT_CALLS = 0, SLOT_SECOND = MOST, SLOT_IN_CALLER = 2 * MOST, SLOT_MISSED, SLOT_BEGUN };

/* What becomes of an item. */
enum fate { FATE_RESULT, FATE_ERROR, FATE_KILLED, FATE_ABORTED, FATE_EXITED, FATE_SEGV };

struct item {
    long index;
    long value;
    long fate; /* FATE_ERROR and beyond: see live() */
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

static long caller;
static long *pid_of; /* who was called with item i, in memory that all processes share */

/* Before anything else in a scenario: the workers inherit it. */
static void begin(void)
{
    caller = my_pid();
    pid_of = shared_memory(2 * MOST * sizeof *pid_of);
}

static void note_meeting(const char *name, int parties)
{
    if (!meet(name, parties))
        shared_add(SLOT_MISSED, 1);
}

static void note_call(unsigned slot, long index)
{
    if (my_pid() == caller)
        shared_add(SLOT_IN_CALLER, 1);
    if (index < 0 || index >= MOST)
        return;
    shared_add(slot + (unsigned)index, 1);
    pid_of[slot + (unsigned)index] = my_pid();
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
    if (fate == FATE_SEGV)
        raise(SIGSEGV);
}

static int planned(const void *pointer, void *result, void *context)
{
    const struct plan *plan = context;
    struct item item;

    memcpy(&item, pointer, sizeof item);
    note_call(plan->calls, item.index);
    if (plan->meeting != NULL && item.index < plan->parties)
        note_meeting(plan->meeting, plan->parties);
    if (plan->held_for > 0 && item.index == 0)
        note_meeting("all others", 2);
    if (plan->held_for > 0 && item.index >= plan->held_from &&
        shared_add(SLOT_BEGUN, 1) + 1 == plan->held_for)
        note_meeting("all others", 2);
    live(item.fate);
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

static void say_processes(void)
{
    fact_int("forks", spy(SPY_FORKS));
    fact_int("reaped", spy(SPY_REAPED));
    fact_int("peak", spy(SPY_CHILDREN_PEAK));
    fact_int("in_caller", shared_get(SLOT_IN_CALLER));
    fact_int("missed", shared_get(SLOT_MISSED));
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

    begin();
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
    say_processes();
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

    begin();
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
    fact_int("hands", distinct(pid_of, 2 * count));
    fact_int("hands_meeting", distinct(pid_of, (size_t)parties));
    say_processes();
}

/* Item 0 lasts until every item of every other chunk has been called. */
SCENARIO(slow_one)
{
    static struct job job;
    size_t chunk = (size_t)arg_int("chunk");
    struct plan plan = {.factor = arg_int("factor"), .summand = arg_int("summand")};

    begin();
    job_values(&job, "values");
    plan.held_for = (long)(job.count - chunk);
    plan.held_from = (long)chunk;
    struct pool *pool = pool_open((int)arg_int("workers"), planned, &plan);
    fact_int("failed", job_run(&job, pool, chunk));
    job_say(&job, SLOT_CALLS);
    pool_join(pool);
    say_processes();
}

/* Item 0 lasts until the second chunk has begun: meanwhile nobody else may take what is behind it.
 */
SCENARIO(chunks)
{
    static struct job job;
    size_t chunk = (size_t)arg_int("chunk");
    struct plan plan = {.factor = 1, .held_for = 1, .held_from = (long)chunk};
    long strangers = 0;

    begin();
    job_fill(&job, (size_t)arg_int("count"));
    struct pool *pool = pool_open((int)arg_int("workers"), planned, &plan);
    fact_int("failed", job_run(&job, pool, chunk));
    job_say(&job, SLOT_CALLS);
    pool_join(pool);
    for (size_t i = 0; i < job.count; i++)
        strangers += pid_of[i] != pid_of[i - i % chunk];
    fact_int("strangers", strangers);
    say_processes();
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

    begin();
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
    say_processes();
}

/* The last items of a map, and then whole maps, crash: nothing is left to do when it happens. */
SCENARIO(all_crash)
{
    static struct job job;
    struct plan plan = {.factor = 1};
    int workers = (int)arg_int("workers");

    begin();
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
    say_processes();
}

/* Large items and results: byte j of result i is byte j of the item, and on from its beginning,
 * plus j. */
struct sizes {
    size_t item;
    size_t result;
    int parties;
};

static int stretch(const void *item, void *result, void *context)
{
    const struct sizes *sizes = context;
    const unsigned char *from = item;
    unsigned char *to = result;

    note_call(SLOT_CALLS, from[0]);
    if (from[0] < sizes->parties)
        note_meeting("all", sizes->parties);
    for (size_t j = 0; j < sizes->result; j++)
        to[j] = (unsigned char)(from[j % sizes->item] + j);
    return 0;
}

SCENARIO(large)
{
    size_t count = (size_t)arg_int("count"), chunk = (size_t)arg_int("chunk");
    struct sizes sizes = {
        (size_t)arg_int("item"), (size_t)arg_int("result"), (int)arg_int("meeting")};
    unsigned char *items = malloc(count * sizes.item), *results = malloc(count * sizes.result);

    begin();
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < sizes.item; k++)
            items[i * sizes.item + k] = (unsigned char)(k == 0 ? i : i * 31 + k * 7);
    struct pool *pool = pool_open((int)arg_int("workers"), stretch, &sizes);
    fact_int(
        "failed", pool_map(pool, items, count, sizes.item, results, sizes.result, chunk, NULL));
    pool_join(pool);
    for (size_t i = 0; i < count; i++)
        fact_int("calls", shared_get(SLOT_CALLS + (unsigned)i));
    fact_fingerprint("results", results, count * sizes.result);
    fact_int("in_caller", shared_get(SLOT_IN_CALLER));
    free(items);
    free(results);
}

/* How many descriptors each worker has, once all of them are there. */
static int count_descriptors(const void *item, void *result, void *context)
{
    const int *parties = context;
    long index;

    memcpy(&index, item, sizeof index);
    if (index < 0)
        live(FATE_KILLED);
    else
        note_meeting("all", *parties);
    *(long *)result = open_descriptors();
    return 0;
}

SCENARIO(inherited)
{
    int workers = (int)arg_int("workers");
    long crashes = arg_int("crashes"), indices[POOL_MAX_WORKERS], counts[POOL_MAX_WORKERS];
    long most = 0, least = 1000;

    begin();
    struct pool *pool = pool_open(workers, count_descriptors, &workers);
    for (long i = 0; i < crashes; i++)
        indices[i] = -1;
    if (crashes > 0)
        pool_map(pool, indices, (size_t)crashes, sizeof(long), counts, sizeof(long), 1, NULL);
    for (int i = 0; i < workers; i++)
        indices[i] = i;
    fact_int("failed",
        pool_map(pool, indices, (size_t)workers, sizeof(long), counts, sizeof(long), 1, NULL));
    pool_join(pool);
    for (int i = 0; i < workers; i++) {
        most = counts[i] > most ? counts[i] : most;
        least = counts[i] < least ? counts[i] : least;
    }
    fact_int("most", most);
    fact_int("least", least);
    fact_int("missed", shared_get(SLOT_MISSED));
}

/* Something is printed into a buffer before the pool is opened and flushed after it is gone. */
SCENARIO(unflushed)
{
    static struct job job;
    struct plan plan = {.factor = 1};
    int ends[2];
    char bytes[64];

    begin();
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

    begin();
    job_fill(&job, 5);
    struct pool *pool = pool_open((int)arg_int("workers"), planned, &plan);
    fact_int("failed", job_run(&job, pool, 2));
    pool_close(pool);
    errno = 0;
    fact_int("refused", job_run(&job, pool, 2));
    fact_int("error", errno);
    pool_close(pool);
    pool_join(pool);
    say_processes();
}

/* One process as the kernel sees it: asleep, and how often it gave up the CPU. */
static bool process_sleeps(long pid, long *ret_switches)
{
    char path[64], line[128];
    bool sleeps = false;

    snprintf(path, sizeof path, "/proc/%ld/status", pid);
    FILE *status = fopen(path, "re");
    if (status == NULL)
        return false;
    while (fgets(line, sizeof line, status) != NULL) {
        if (strncmp(line, "State:\tS", 8) == 0)
            sleeps = true;
        sscanf(line, "voluntary_ctxt_switches: %ld", ret_switches);
    }
    fclose(status);
    return sleeps;
}

/* Looks again and again until it finds every process asleep, three times in a row and not woken up
 * in between. Processes that look for work all the time never come to that. */
static void await_sleep(const long *pids, int count)
{
    long before[POOL_MAX_WORKERS] = {0}, now[POOL_MAX_WORKERS] = {0};

    for (int quiet = 0; quiet < 3;) {
        bool same = true;

        usleep(2000);
        for (int i = 0; i < count; i++)
            if (!process_sleeps(pids[i], &now[i]) || now[i] != before[i])
                same = false;
        memcpy(before, now, sizeof before);
        quiet = same ? quiet + 1 : 0;
    }
}

static int watch_caller(const void *item, void *result, void *context)
{
    const int *workers = context;
    int index;

    memcpy(&index, item, sizeof index);
    if (*workers > 0) {
        note_call(SLOT_CALLS, index);
        note_meeting("all", *workers);
    }
    if (index == 0)
        await_sleep(&caller, 1);
    *(int *)result = index;
    return 0;
}

/* The caller sleeps while a worker is busy, and the workers sleep while there is nothing to do. */
SCENARIO(idle)
{
    int workers = (int)arg_int("workers"), items[POOL_MAX_WORKERS], results[POOL_MAX_WORKERS];

    begin();
    for (int i = 0; i < workers; i++)
        items[i] = i;
    struct pool *pool = pool_open(workers, watch_caller, &workers);
    fact_int("failed",
        pool_map(pool, items, (size_t)workers, sizeof(int), results, sizeof(int), 1, NULL));
    await_sleep(pid_of, workers);
    pool_join(pool);
    say_processes();
}

SCENARIO(nonsense)
{
    struct plan plan = {.factor = 1};

    begin();
    errno = 0;
    struct pool *pool = pool_open((int)arg_int("workers"), planned, &plan);
    fact_int("error", errno);
    fact_bool("opened", pool != NULL);
    if (pool != NULL)
        pool_join(pool);
    say_processes();
}

/* Leaves room for that many more descriptors, so that some pipe cannot be opened. */
SCENARIO(no_room)
{
    static struct job job;
    struct plan plan = {.factor = 1};
    struct rlimit old, tight;
    int next = dup(0);

    begin();
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
    say_processes();
}

/* Small, for all schedules: no pid and nothing else that differs between them is a fact. */
SCENARIO(any_order)
{
    static struct job job;
    struct plan plan = {.factor = arg_int("factor"), .summand = arg_int("summand")};

    begin();
    job_values(&job, "values");
    if (arg_given("fates"))
        give_fates(&job);
    struct pool *pool = pool_open((int)arg_int("workers"), planned, &plan);
    fact_int("failed", job_run(&job, pool, (size_t)arg_int("chunk")));
    job_say(&job, SLOT_CALLS);
    pool_close(pool);
    pool_join(pool);
    fact_bool("all_reaped", spy(SPY_FORKS) == spy(SPY_REAPED));
}
