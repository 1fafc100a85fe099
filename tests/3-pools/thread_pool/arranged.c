/* SPDX-License-Identifier: MIT */
/* Scenarios that arrange by meetings who is where, and that the kernel's threads run. */
#include "thread_pool.h"

#include "probe.h"
#include "tasks.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* One thread of this process as the kernel sees it: asleep, and how often it gave up the CPU. */
static bool thread_sleeps(long tid, long *ret_switches)
{
    char path[64], line[128];
    bool sleeps = false;

    snprintf(path, sizeof path, "/proc/self/task/%ld/status", tid);
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

/* Until the caller sleeps in pool_wait, has taken a task of the pool itself, or has used so much
 * CPU time that it will never sleep. Only then may the pool's one thread go on: whatever a caller
 * does while it waits has then been done, on a fast machine and on a loaded one. */
static void await_caller(void)
{
    enum { SPINS_NS = 50000000 };
    long switches, used = 0;
    char path[64];

    snprintf(path, sizeof path, "/proc/self/task/%ld/schedstat", probe_caller);
    while (shared_get(SLOT_WAITS) == 0)
        sched_yield();
    while (used < SPINS_NS && shared_get(SLOT_IN_CALLER) == 0 &&
           !thread_sleeps(probe_caller, &switches)) {
        FILE *statistics = fopen(path, "re");

        if (statistics == NULL || fscanf(statistics, "%ld", &used) != 1)
            used = SPINS_NS;
        if (statistics != NULL)
            fclose(statistics);
        sched_yield();
    }
    if (used >= SPINS_NS)
        shared_add(SLOT_SPINS, 1);
}

static void ordered_task(void *argument)
{
    const struct numbered *task = argument;

    fact_int("ran", task->id);
    if (task->parties > 0)
        probe_note_meeting("began", task->parties);
    probe_numbered_task(argument);
    if (task->parties > 0 && shared_get(SLOT_MISSED) == 0)
        await_caller();
}

/* One thread, held in the first task until all others wait behind it and the caller waits for them:
 * neither their order nor who runs them is then luck.
 * After the wait the pool is used again, and joined without having been closed. */
SCENARIO(in_order)
{
    int tasks = (int)arg_int("tasks");
    struct numbered task[MOST_TASKS];

    probe_caller = my_tid();
    struct pool *pool = pool_open(1);
    fact_bool("opened", pool != NULL);
    for (int id = 0; id < tasks; id++) {
        task[id] = (struct numbered){pool, id, id == 0 ? 2 : 0};
        fact_int("submitted", pool_submit(pool, ordered_task, &task[id]));
        if (id == 0)
            probe_note_meeting("began", 2);
    }
    probe_note_meeting("gate", 2);
    shared_add(SLOT_WAITS, 1);
    pool_wait(pool);
    fact_int("ran_at_wait", shared_get(SLOT_RAN));
    pool_wait(pool);

    struct numbered again = {pool, tasks, 0};
    fact_int("again", pool_submit(pool, ordered_task, &again));
    pool_join(pool);
    fact_int("wait_spins", shared_get(SLOT_SPINS));
    probe_say_threads();
}

/* All threads are in a task at once, together with the caller, who has closed the pool by then. */
SCENARIO(together)
{
    int workers = (int)arg_int("workers"), tasks = (int)arg_int("tasks");
    struct numbered task[MOST_TASKS];

    probe_caller = my_tid();
    struct pool *pool = pool_open(workers);
    fact_int("opened_with", spy(SPY_THREADS_CREATED));
    for (int id = 0; id < tasks; id++) {
        task[id] = (struct numbered){pool, id, id < workers ? workers + 1 : 0};
        fact_int("submitted", pool_submit(pool, probe_numbered_task, &task[id]));
    }
    pool_close(pool);
    probe_note_meeting("gate", workers + 1);
    pool_join(pool);
    probe_say_threads();
    probe_say_runs(tasks);
}

/* The first task lasts until all others have run: for those the other threads have to be enough. */
static void slow_task(void *argument)
{
    const struct numbered *task = argument;

    probe_note_run(task->id);
    if (task->id == 0 || shared_add(SLOT_SUM, 1) + 1 == task->parties)
        probe_note_meeting("all others", 2);
}

SCENARIO(slow_one)
{
    int tasks = (int)arg_int("tasks"), workers = (int)arg_int("workers");
    struct numbered task[MOST_TASKS];

    probe_caller = my_tid();
    struct pool *pool = pool_open(workers);
    for (int id = 0; id < tasks; id++) {
        task[id] = (struct numbered){pool, id, tasks - 1};
        pool_submit(pool, slow_task, &task[id]);
    }
    pool_join(pool);
    probe_say_threads();
    probe_say_runs(tasks);
}

/* A task that submits another one and waits until that runs, in a second thread. */
static void child_task(void *argument)
{
    (void)argument;
    probe_note_run(1);
    probe_note_meeting("family", 2);
}

static void parent_task(void *argument)
{
    const struct numbered *task = argument;

    probe_note_run(0);
    fact_int("from_task", pool_submit(task->pool, child_task, NULL));
    probe_note_meeting("family", 2);
}

SCENARIO(family)
{
    struct numbered task = {0};

    probe_caller = my_tid();
    task.pool = pool_open(2);
    fact_int("submitted", pool_submit(task.pool, parent_task, &task));
    pool_wait(task.pool);
    pool_join(task.pool);
    probe_say_threads();
    probe_say_runs(2);
}

/* What a submission says, with its errno where it refuses. */
static void say_submit(const char *name, int result, int error)
{
    fact_int(name, result);
    fact_int("error", result == 0 ? 0 : error);
}

static void late_task(void *argument)
{
    const struct numbered *task = argument;

    probe_numbered_task(argument);
    errno = 0;
    if (task->id == 0) {
        int result = pool_submit(task->pool, child_task, NULL);

        say_submit("from_task", result, errno);
    }
}

/* Every thread is held in a task while the pool is closed; others wait in the queue. */
SCENARIO(closed)
{
    int workers = (int)arg_int("workers"), tasks = (int)arg_int("tasks");
    struct numbered task[MOST_TASKS];

    probe_caller = my_tid();
    struct pool *pool = pool_open(workers);
    for (int id = 0; id < tasks; id++) {
        task[id] = (struct numbered){pool, id, id < workers ? workers + 1 : 0};
        pool_submit(pool, late_task, &task[id]);
    }
    pool_close(pool);
    errno = 0;
    int result = pool_submit(pool, child_task, NULL);
    say_submit("refused", result, errno);
    pool_close(pool);
    probe_note_meeting("gate", workers + 1);
    pool_join(pool);
    probe_say_threads();
    probe_say_runs(tasks);
    fact_int("ran_in_all", shared_get(SLOT_RAN));
}

/* Its number is its argument: two that were mixed up would show in the sum. */
static void adding_task(void *argument)
{
    shared_add(SLOT_RAN, 1);
    shared_add(SLOT_SUM, (long)(intptr_t)argument);
}

/* The only thread is held while thousands of tasks are submitted. */
SCENARIO(many)
{
    long tasks = arg_int("tasks"), taken = 0;
    struct numbered first = {.parties = 2};

    probe_caller = my_tid();
    struct pool *pool = pool_open(1);
    pool_submit(pool, probe_numbered_task, &first);
    for (long i = 0; i < tasks; i++)
        taken += pool_submit(pool, adding_task, (void *)(intptr_t)i) == 0;
    probe_note_meeting("gate", 2);
    pool_wait(pool);
    pool_close(pool);
    for (int i = 0; i < 3; i++)
        pool_submit(pool, probe_counted_task, NULL);
    pool_join(pool);
    fact_int("taken", taken);
    fact_int("ran_in_all", shared_get(SLOT_RAN) - 1);
    fact_int("sum", shared_get(SLOT_SUM));
    fact_int("missed", shared_get(SLOT_MISSED));
}

static long thread_ids[POOL_MAX_WORKERS];

static void signing_task(void *argument)
{
    const struct numbered *task = argument;

    thread_ids[task->id] = my_tid();
    probe_note_meeting("gate", task->parties);
}

/* Looks again and again until it finds every thread asleep, three times in a row and not woken up
 * in between. Threads that look for work all the time never come to that. */
static void await_sleep(int workers)
{
    long before[POOL_MAX_WORKERS] = {0}, now[POOL_MAX_WORKERS] = {0};

    for (int quiet = 0; quiet < 3;) {
        bool same = true;

        usleep(2000);
        for (int i = 0; i < workers; i++)
            if (!thread_sleeps(thread_ids[i], &now[i]) || now[i] != before[i])
                same = false;
        memcpy(before, now, sizeof before);
        quiet = same ? quiet + 1 : 0;
    }
}

SCENARIO(idle)
{
    int workers = (int)arg_int("workers");
    struct numbered task[POOL_MAX_WORKERS];

    probe_caller = my_tid();
    struct pool *pool = pool_open(workers);
    for (int id = 0; id < workers; id++) {
        task[id] = (struct numbered){pool, id, workers};
        pool_submit(pool, signing_task, &task[id]);
    }
    pool_wait(pool);
    await_sleep(workers);
    pool_join(pool);
    probe_say_threads();
}

/* Two pools with one thread each. The first pool's thread is held, and a task waits behind it: that
 * is no business of the second pool. */
SCENARIO(apart)
{
    struct numbered task[3];

    probe_caller = my_tid();
    struct pool *a = pool_open(1), *b = pool_open(1);
    task[0] = (struct numbered){a, 0, 2};
    task[1] = (struct numbered){a, 1, 0};
    task[2] = (struct numbered){b, 2, 0};
    pool_submit(a, probe_numbered_task, &task[0]);
    pool_submit(a, probe_numbered_task, &task[1]);
    pool_submit(b, probe_numbered_task, &task[2]);
    pool_wait(b);
    fact_int("behind_ran", shared_get(SLOT_RUNS + 1));
    fact_int("missed_by_then", shared_get(SLOT_MISSED));
    pool_close(b);
    fact_int("still_open", pool_submit(a, probe_numbered_task, &task[1]));
    pool_join(b);
    probe_note_meeting("gate", 2);
    pool_join(a);
    probe_say_threads();
    probe_say_runs(3);
}

SCENARIO(nonsense)
{
    errno = 0;
    struct pool *pool = pool_open((int)arg_int("workers"));
    fact_int("error", errno);
    fact_bool("opened", pool != NULL);
    fact_int("created", spy(SPY_THREADS_CREATED));
    if (pool != NULL)
        pool_join(pool);
}

/* After that many threads there is no further one to be had. */
SCENARIO(no_thread)
{
    limit_tasks((int)arg_int("most"));
    errno = 0;
    struct pool *pool = pool_open((int)arg_int("workers"));
    fact_int("error", errno);
    fact_bool("opened", pool != NULL);
    fact_int("created", spy(SPY_THREADS_CREATED));
    fact_int("joined", spy(SPY_THREADS_JOINED));
    if (pool != NULL)
        pool_join(pool);
}

/* How much address space this process uses, in bytes. */
static size_t address_space(void)
{
    unsigned long pages = 0;
    FILE *statm = fopen("/proc/self/statm", "re");

    if (statm != NULL) {
        if (fscanf(statm, "%lu", &pages) != 1)
            pages = 0;
        fclose(statm);
    }
    return pages * (size_t)sysconf(_SC_PAGESIZE);
}

/* Threads with stacks so large that there is room for one of them and not for two: the second
 * pthread_create() fails. */
SCENARIO(no_room)
{
    size_t stack = (size_t)400 << 20;
    struct rlimit old, tight;
    pthread_attr_t attributes, usual;

    getrlimit(RLIMIT_AS, &old);
    tight = old;
    tight.rlim_cur = address_space() + stack + stack / 2;
    pthread_getattr_default_np(&usual);
    pthread_getattr_default_np(&attributes);
    pthread_attr_setstacksize(&attributes, stack);
    pthread_setattr_default_np(&attributes);
    setrlimit(RLIMIT_AS, &tight);
    errno = 0;
    struct pool *pool = pool_open((int)arg_int("workers"));
    int error = errno;
    setrlimit(RLIMIT_AS, &old);
    pthread_setattr_default_np(&usual);
    pthread_attr_destroy(&attributes);
    pthread_attr_destroy(&usual);
    fact_bool("opened", pool != NULL);
    fact_int("error", error);
    fact_int("joined", spy(SPY_THREADS_JOINED));
    if (pool != NULL)
        pool_join(pool);
}
