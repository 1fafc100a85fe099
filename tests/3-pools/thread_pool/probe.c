/* SPDX-License-Identifier: MIT */
#include "thread_pool.h"

#include "probe.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { MOST_TASKS = 64 };

/* Slots of shared_add(): one per task, then the rest. They order nothing, so they hide no race. */
enum {
    SLOT_RUNS = 0,
    SLOT_RAN = MOST_TASKS,
    SLOT_IN_CALLER,
    SLOT_MISSED,
    SLOT_EARLY,
    SLOT_SUM,
    SLOT_WAITS
};

static long caller; /* the thread of the scenario; set before any pool exists */

/* What is true of every task, whatever else it does. */
static void note_run(int id)
{
    shared_add(SLOT_RAN, 1);
    if (id < MOST_TASKS)
        shared_add(SLOT_RUNS + (unsigned)id, 1);
    if (my_tid() == caller)
        shared_add(SLOT_IN_CALLER, 1);
}

static void note_meeting(const char *name, int parties)
{
    if (!meet(name, parties))
        shared_add(SLOT_MISSED, 1);
}

static void say_threads(void)
{
    fact_int("created", spy(SPY_THREADS_CREATED));
    fact_int("joined", spy(SPY_THREADS_JOINED));
    fact_int("in_caller", shared_get(SLOT_IN_CALLER));
    fact_int("missed", shared_get(SLOT_MISSED));
}

static void say_runs(int tasks)
{
    for (int id = 0; id < tasks; id++)
        fact_int("runs", shared_get(SLOT_RUNS + (unsigned)id));
}

/* A task with a number; `parties` > 0: it also waits for that many in the meeting "gate". */
struct numbered {
    struct pool *pool;
    int id;
    int parties;
};

static void numbered_task(void *argument)
{
    const struct numbered *task = argument;

    note_run(task->id);
    if (task->parties > 0)
        note_meeting("gate", task->parties);
}

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

    snprintf(path, sizeof path, "/proc/self/task/%ld/schedstat", caller);
    while (shared_get(SLOT_WAITS) == 0)
        sched_yield();
    while (
        used < SPINS_NS && shared_get(SLOT_IN_CALLER) == 0 && !thread_sleeps(caller, &switches)) {
        FILE *statistics = fopen(path, "re");

        if (statistics == NULL || fscanf(statistics, "%ld", &used) != 1)
            used = SPINS_NS;
        if (statistics != NULL)
            fclose(statistics);
        sched_yield();
    }
}

static void ordered_task(void *argument)
{
    const struct numbered *task = argument;

    fact_int("ran", task->id);
    if (task->parties > 0)
        note_meeting("began", task->parties);
    numbered_task(argument);
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

    caller = my_tid();
    struct pool *pool = pool_open(1);
    fact_bool("opened", pool != NULL);
    for (int id = 0; id < tasks; id++) {
        task[id] = (struct numbered){pool, id, id == 0 ? 2 : 0};
        fact_int("submitted", pool_submit(pool, ordered_task, &task[id]));
        if (id == 0)
            note_meeting("began", 2);
    }
    note_meeting("gate", 2);
    shared_add(SLOT_WAITS, 1);
    pool_wait(pool);
    fact_int("ran_at_wait", shared_get(SLOT_RAN));
    pool_wait(pool);

    struct numbered again = {pool, tasks, 0};
    fact_int("again", pool_submit(pool, ordered_task, &again));
    pool_join(pool);
    say_threads();
}

/* All threads are in a task at once, together with the caller, who has closed the pool by then. */
SCENARIO(together)
{
    int workers = (int)arg_int("workers"), tasks = (int)arg_int("tasks");
    struct numbered task[MOST_TASKS];

    caller = my_tid();
    struct pool *pool = pool_open(workers);
    fact_int("opened_with", spy(SPY_THREADS_CREATED));
    for (int id = 0; id < tasks; id++) {
        task[id] = (struct numbered){pool, id, id < workers ? workers + 1 : 0};
        fact_int("submitted", pool_submit(pool, numbered_task, &task[id]));
    }
    pool_close(pool);
    note_meeting("gate", workers + 1);
    pool_join(pool);
    say_threads();
    say_runs(tasks);
}

/* The first task lasts until all others have run: for those the other threads have to be enough. */
static void slow_task(void *argument)
{
    const struct numbered *task = argument;

    note_run(task->id);
    if (task->id == 0 || shared_add(SLOT_SUM, 1) + 1 == task->parties)
        note_meeting("all others", 2);
}

SCENARIO(slow_one)
{
    int tasks = (int)arg_int("tasks"), workers = (int)arg_int("workers");
    struct numbered task[MOST_TASKS];

    caller = my_tid();
    struct pool *pool = pool_open(workers);
    for (int id = 0; id < tasks; id++) {
        task[id] = (struct numbered){pool, id, tasks - 1};
        pool_submit(pool, slow_task, &task[id]);
    }
    pool_join(pool);
    say_threads();
    say_runs(tasks);
}

/* A task that submits another one and waits until that runs, in a second thread. */
static void child_task(void *argument)
{
    (void)argument;
    note_run(1);
    note_meeting("family", 2);
}

static void parent_task(void *argument)
{
    const struct numbered *task = argument;

    note_run(0);
    fact_int("from_task", pool_submit(task->pool, child_task, NULL));
    note_meeting("family", 2);
}

SCENARIO(family)
{
    struct numbered task = {0};

    caller = my_tid();
    task.pool = pool_open(2);
    fact_int("submitted", pool_submit(task.pool, parent_task, &task));
    pool_wait(task.pool);
    pool_join(task.pool);
    say_threads();
    say_runs(2);
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

    numbered_task(argument);
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

    caller = my_tid();
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
    note_meeting("gate", workers + 1);
    pool_join(pool);
    say_threads();
    say_runs(tasks);
    fact_int("ran_in_all", shared_get(SLOT_RAN));
}

static void counted_task(void *argument)
{
    (void)argument;
    shared_add(SLOT_RAN, 1);
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

    caller = my_tid();
    struct pool *pool = pool_open(1);
    pool_submit(pool, numbered_task, &first);
    for (long i = 0; i < tasks; i++)
        taken += pool_submit(pool, adding_task, (void *)(intptr_t)i) == 0;
    note_meeting("gate", 2);
    pool_wait(pool);
    pool_close(pool);
    for (int i = 0; i < 3; i++)
        pool_submit(pool, counted_task, NULL);
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
    note_meeting("gate", task->parties);
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

    caller = my_tid();
    struct pool *pool = pool_open(workers);
    for (int id = 0; id < workers; id++) {
        task[id] = (struct numbered){pool, id, workers};
        pool_submit(pool, signing_task, &task[id]);
    }
    pool_wait(pool);
    await_sleep(workers);
    pool_join(pool);
    say_threads();
}

/* Two pools with one thread each. The first pool's thread is held, and a task waits behind it: that
 * is no business of the second pool. */
SCENARIO(apart)
{
    struct numbered task[3];

    caller = my_tid();
    struct pool *a = pool_open(1), *b = pool_open(1);
    task[0] = (struct numbered){a, 0, 2};
    task[1] = (struct numbered){a, 1, 0};
    task[2] = (struct numbered){b, 2, 0};
    pool_submit(a, numbered_task, &task[0]);
    pool_submit(a, numbered_task, &task[1]);
    pool_submit(b, numbered_task, &task[2]);
    pool_wait(b);
    fact_int("behind_ran", shared_get(SLOT_RUNS + 1));
    fact_int("missed_by_then", shared_get(SLOT_MISSED));
    pool_close(b);
    fact_int("still_open", pool_submit(a, numbered_task, &task[1]));
    pool_join(b);
    note_meeting("gate", 2);
    pool_join(a);
    say_threads();
    say_runs(3);
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

/* From here on: small scenarios for all schedules, and the same in large for the race detector. */

/* What a task writes, the caller reads after the wait, with nothing but the pool between them. */
struct sheet {
    int given;
    int found;
    int workers;
    const char *meeting; /* NULL: none */
};

static void writing_task(void *argument)
{
    struct sheet *sheet = argument;

    shared_add(SLOT_RAN, 1);
    sheet->found += 3 * sheet->given;
    if (sheet->meeting != NULL)
        meet(sheet->meeting, sheet->workers);
}

/* The first tasks meet in groups of as many as there are threads. So all threads are in a task at
 * the same time, and what they do right after it is done side by side, on any machine. */
static const char *meeting_of(long task, long workers)
{
    static const char *const names[] = {"one", "two", "three", "four", "five", "six"};
    size_t group = (size_t)(task / workers);

    return group < sizeof names / sizeof names[0] ? names[group] : NULL;
}

/* The sum of what the tasks wrote: it is right only if each ran once and was seen. */
static long sum_of(const struct sheet *sheets, long tasks)
{
    long sum = 0;

    for (long i = 0; i < tasks; i++)
        sum += sheets[i].found;
    return sum;
}

SCENARIO(each_once)
{
    long tasks = arg_int("tasks"), workers = arg_int("workers"), taken = 0;
    struct sheet *sheets = calloc((size_t)tasks + 1, sizeof *sheets);

    struct pool *pool = pool_open((int)workers);
    for (long i = 0; i < tasks; i++) {
        sheets[i].given = (int)arg_int("value");
        sheets[i].workers = (int)workers;
        if (arg_given("meet"))
            sheets[i].meeting = meeting_of(i, workers);
        taken += pool_submit(pool, writing_task, &sheets[i]) == 0;
    }
    if (arg_given("wait")) {
        pool_wait(pool);
        fact_int("sum_at_wait", sum_of(sheets, tasks));
    }
    pool_join(pool);
    fact_int("taken", taken);
    fact_int("ran", shared_get(SLOT_RAN));
    fact_int("sum", sum_of(sheets, tasks));
    free(sheets);
}

struct waiter {
    struct pool *pool;
    long tasks;
};

static void wait_and_look(const struct waiter *waiter)
{
    pool_wait(waiter->pool);
    if (shared_get(SLOT_RAN) != waiter->tasks)
        shared_add(SLOT_EARLY, 1);
}

static void *waiting_thread(void *argument)
{
    wait_and_look(argument);
    return NULL;
}

/* Two threads wait for the same tasks; each looks at what is done when its wait is over. */
SCENARIO(waiters)
{
    struct waiter waiter = {pool_open((int)arg_int("workers")), arg_int("tasks")};
    pthread_t id;

    for (long i = 0; i < waiter.tasks; i++)
        pool_submit(waiter.pool, counted_task, NULL);
    pthread_create(&id, NULL, waiting_thread, &waiter);
    wait_and_look(&waiter);
    pthread_join(id, NULL);
    pool_join(waiter.pool);
    fact_int("early", shared_get(SLOT_EARLY));
    fact_int("ran", shared_get(SLOT_RAN));
}

static void meeting_task(void *argument)
{
    (void)argument;
    if (!meet("both tasks", 2))
        shared_add(SLOT_MISSED, 1);
    shared_add(SLOT_RAN, 1);
}

/* Somebody waits for the pool between two tasks that need each other: the news of the second task
 * is for a thread of the pool, and not for who waits. */
SCENARIO(waiter_between)
{
    struct waiter waiter = {pool_open(2), 2};
    pthread_t id;

    pool_submit(waiter.pool, meeting_task, NULL);
    pthread_create(&id, NULL, waiting_thread, &waiter);
    pool_submit(waiter.pool, meeting_task, NULL);
    pthread_join(id, NULL);
    pool_join(waiter.pool);
    fact_bool("both_at_work", shared_get(SLOT_MISSED) == 0);
    fact_int("early", shared_get(SLOT_EARLY));
    fact_int("ran", shared_get(SLOT_RAN));
}

static void submitting_task(void *argument)
{
    const struct waiter *waiter = argument;

    pool_submit(waiter->pool, counted_task, NULL);
    shared_add(SLOT_RAN, 1);
}

/* A wait that begins when there is one task, and has to last for the one that comes of it. */
SCENARIO(grows)
{
    struct waiter waiter = {pool_open((int)arg_int("workers")), 2};

    pool_submit(waiter.pool, submitting_task, &waiter);
    wait_and_look(&waiter);
    pool_join(waiter.pool);
    fact_int("early", shared_get(SLOT_EARLY));
    fact_int("ran", shared_get(SLOT_RAN));
}

static void *closing_thread(void *argument)
{
    pool_close(argument);
    return NULL;
}

/* Submissions while another thread closes: what was taken runs, what was refused does not. */
SCENARIO(against_close)
{
    long tasks = arg_int("tasks"), taken = 0;
    struct pool *pool = pool_open((int)arg_int("workers"));
    pthread_t id;

    pthread_create(&id, NULL, closing_thread, pool);
    for (long i = 0; i < tasks; i++)
        taken += pool_submit(pool, counted_task, NULL) == 0;
    pthread_join(id, NULL);
    fact_int("after_close", pool_submit(pool, counted_task, NULL));
    pool_join(pool);
    fact_bool("ran_what_was_taken", shared_get(SLOT_RAN) == taken);
}
