/* SPDX-License-Identifier: MIT */
/* Small scenarios for all schedules, and the same in large for the race detector. */
#include "thread_pool.h"

#include "probe.h"
#include "tasks.h"

#include <pthread.h>
#include <stdlib.h>

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
    fact_int("ran_out", spy(SPY_SLEEPS));
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
        pool_submit(waiter.pool, probe_counted_task, NULL);
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

    pool_submit(waiter->pool, probe_counted_task, NULL);
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
        taken += pool_submit(pool, probe_counted_task, NULL) == 0;
    pthread_join(id, NULL);
    fact_int("after_close", pool_submit(pool, probe_counted_task, NULL));
    pool_join(pool);
    fact_bool("ran_what_was_taken", shared_get(SLOT_RAN) == taken);
}
