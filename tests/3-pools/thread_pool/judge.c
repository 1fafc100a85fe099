/* SPDX-License-Identifier: MIT */
#include "judge.h"

#include <errno.h>

enum { MOST = 64 };

static const long zeros[MOST];

static const long *ones(void)
{
    static long values[MOST];

    for (int i = 0; i < MOST; i++)
        values[i] = 1;
    return values;
}

static void expect_by_pool(const struct outcome *o, long workers)
{
    expect_that(o, fact_int(o, "in_caller") == 0,
        "%ld tasks were run by the caller itself, not by a thread of the pool",
        fact_int(o, "in_caller"));
    expect_int(o, "created", workers);
    expect_int(o, "joined", workers);
}

LAB_TEST(thread_pool, tasks_in_order)
{
    long tasks = random_int(5, 12), order[13];

    for (int i = 0; i < 13; i++)
        order[i] = i;
    struct outcomes *all = run("in_order", "tasks=%ld", tasks);
    EACH_OUTCOME (o, all) {
        expect_int(o, "opened", 1);
        expect_ints(o, "submitted", zeros, (size_t)tasks);
        expect_that(o, fact_int(o, "missed") == 0,
            "pool_submit did not return as long as an earlier task was running");
        expect_int(o, "ran_at_wait", tasks);
        expect_int(o, "again", 0);
        expect_ints(o, "ran", order, (size_t)tasks + 1);
        expect_by_pool(o, 1);
    }
}

LAB_TEST(thread_pool, threads_run_together)
{
    long workers = random_int(3, 8), tasks = workers + random_int(3, 20);
    struct outcomes *all = run("together", "workers=%ld tasks=%ld", workers, tasks);

    EACH_OUTCOME (o, all) {
        expect_int(o, "opened_with", workers);
        expect_ints(o, "submitted", zeros, (size_t)tasks);
        expect_that(o, fact_int(o, "missed") == 0,
            "the %ld threads could not all be in a task at the same time", workers);
        expect_ints(o, "runs", ones(), (size_t)tasks);
        expect_by_pool(o, workers);
    }

    workers = random_int(2, 4);
    tasks = random_int(9, 20);
    struct outcomes *slow = run("slow_one", "workers=%ld tasks=%ld", workers, tasks);
    EACH_OUTCOME (o, slow) {
        expect_that(o, fact_int(o, "missed") == 0,
            "a task had to wait behind a slow one although another thread of the pool was free");
        expect_ints(o, "runs", ones(), (size_t)tasks);
        expect_by_pool(o, workers);
    }
}

LAB_TEST(thread_pool, tasks_submit_tasks)
{
    struct outcomes *family = run("family", "workers=2");

    EACH_OUTCOME (o, family) {
        expect_int(o, "from_task", 0);
        expect_that(o, fact_int(o, "missed") == 0,
            "a task that another task had submitted did not run beside it");
        expect_ints(o, "runs", ones(), 2);
        expect_by_pool(o, 2);
    }
}

LAB_TEST(thread_pool, close_refuses)
{
    const long refusal[] = {ESHUTDOWN, ESHUTDOWN};
    long workers = random_int(1, 3), tasks = workers + random_int(2, 9);
    struct outcomes *all = run("closed", "workers=%ld tasks=%ld", workers, tasks);

    EACH_OUTCOME (o, all) {
        expect_int(o, "refused", -1);
        expect_int(o, "from_task", -1);
        expect_ints(o, "error", refusal, 2);
        expect_that(
            o, fact_int(o, "missed") == 0, "pool_close waited for the tasks that were running");
        expect_ints(o, "runs", ones(), (size_t)tasks);
        expect_int(o, "ran_in_all", tasks);
        expect_by_pool(o, workers);
    }
}

LAB_TEST(thread_pool, room_for_many)
{
    long tasks = random_int(70000, 80000); /* more than 16 bits can count */
    struct outcomes *all = run("many", "tasks=%ld", tasks);

    EACH_OUTCOME (o, all) {
        expect_int(o, "taken", tasks);
        expect_that(o, fact_int(o, "missed") == 0,
            "pool_submit waited for room: the queue has to hold as many tasks as there are");
        expect_int(o, "ran_in_all", tasks);
        expect_int(o, "sum", tasks * (tasks - 1) / 2);
    }
}

LAB_TEST(thread_pool, idle_threads_sleep)
{
    long workers = random_int(2, 5);
    struct outcomes *all = run("idle", "workers=%ld", workers);

    EACH_OUTCOME (o, all)
        expect_int(o, "created", workers);

    struct outcomes *waits = run("in_order", "tasks=3");
    EACH_OUTCOME (o, waits)
        expect_that(o, fact_int(o, "wait_spins") == 0,
            "while a task was running, the caller of pool_wait used the CPU all the time: it waits, "
            "but not asleep");
}

LAB_TEST(thread_pool, pools_are_apart)
{
    struct outcomes *all = run("apart", "pools=2");

    EACH_OUTCOME (o, all) {
        expect_that(o, fact_int(o, "behind_ran") == 0 && fact_int(o, "missed_by_then") == 0,
            "one pool had to do with the other one's tasks");
        expect_int(o, "still_open", 0);
        expect_ints(o, "runs", (const long[]){1, 2, 1}, 3);
        expect_int(o, "created", 2);
        expect_int(o, "joined", 2);
    }
}

LAB_TEST(thread_pool, failure_is_reported)
{
    const long nonsense[] = {0, -random_int(1, 99), 65};

    for (int i = 0; i < 3; i++) {
        struct outcomes *all = run("nonsense", "workers=%ld", nonsense[i]);

        EACH_OUTCOME (o, all) {
            expect_that(o, fact_int(o, "opened") == 0 && fact_int(o, "error") == EINVAL,
                "pool_open(%ld) gave %s with errno %ld, expected NULL with EINVAL (%d)",
                nonsense[i], fact_int(o, "opened") ? "a pool" : "NULL", fact_int(o, "error"),
                EINVAL);
            expect_int(o, "created", 0);
        }
    }

    struct outcomes *most = run("nonsense", "workers=64");
    EACH_OUTCOME (o, most)
        expect_int(o, "created", 64);

    long workers = random_int(2, 5);
    struct outcomes *short_of = run("no_room", "workers=%ld", workers);
    EACH_OUTCOME (o, short_of) {
        expect_int(o, "opened", 0);
        expect_int(o, "error", EAGAIN);
        expect_that(o, fact_int(o, "joined") == 1,
            "one thread was started before pthread_create failed, and %ld were joined",
            fact_int(o, "joined"));
    }
}

/* The same scenarios under all schedules and, larger, under the race detector. */
struct size {
    long workers;
    long tasks;
};

static void expect_each_once(struct size size, const char *with)
{
    long value = random_int(1, 99);
    struct outcomes *all = run(
        "each_once", "workers=%ld tasks=%ld value=%ld %s", size.workers, size.tasks, value, with);

    EACH_OUTCOME (o, all) {
        expect_int(o, "taken", size.tasks);
        if (has_fact(o, "sum_at_wait"))
            expect_int(o, "sum_at_wait", 3 * value * size.tasks);
        expect_int(o, "ran", size.tasks);
        expect_int(o, "sum", 3 * value * size.tasks);
        expect_that(o, !under("explore") || fact_int(o, "ran_out") == 0,
            "somebody slept with a time limit, and nothing but the clock woke it up");
    }
}

LAB_TEST(thread_pool, every_task_once)
{
    expect_each_once((struct size){2, 1}, "");
    expect_each_once((struct size){2, 2}, "");
    expect_each_once((struct size){2, 2}, "wait=1");
}

LAB_TEST(thread_pool, wait_waits)
{
    struct outcomes *all = run("waiters", "workers=%ld tasks=%ld", 1L, 1L);
    EACH_OUTCOME (o, all) {
        expect_that(o, fact_int(o, "early") == 0, "pool_wait returned before all tasks were done");
        expect_int(o, "ran", 1);
    }

    struct outcomes *two = run("waiter_between", " ");
    EACH_OUTCOME (o, two) {
        expect_that(o, fact_int(o, "both_at_work") == 1,
            "a task was submitted while somebody waited for the pool, and a thread of the pool slept "
            "on beside it");
        expect_that(o, fact_int(o, "early") == 0, "pool_wait returned before all tasks were done");
        expect_int(o, "ran", 2);
    }

    struct outcomes *grows = run("grows", "workers=%ld", 2L);
    EACH_OUTCOME (o, grows) {
        expect_that(o, fact_int(o, "early") == 0,
            "pool_wait returned before a task was done that another task had submitted");
        expect_int(o, "ran", 2);
    }
}

LAB_TEST(thread_pool, close_wakes_everyone)
{
    expect_each_once((struct size){2, 0}, "");
    expect_each_once((struct size){3, 0}, "");
    expect_each_once((struct size){2, 1}, "wait=1");

    struct outcomes *all = run("against_close", "workers=%ld tasks=%ld", 1L, 1L);
    EACH_OUTCOME (o, all) {
        expect_int(o, "after_close", -1);
        expect_that(o, fact_int(o, "ran_what_was_taken") == 1,
            "a task that pool_submit had taken was not run, or one that it had refused was");
    }
}

/* No assertion on sums here: what a race did to them this time is luck, the race is not. */
LAB_TEST(thread_pool, no_race)
{
    long workers = random_int(3, 6), tasks = workers * 6 + random_int(20, 60);
    struct outcomes *all = run(
        "each_once", "workers=%ld tasks=%ld value=1 wait=1 meet=1", workers, tasks);
    EACH_OUTCOME (o, all)
        expect_int(o, "taken", tasks);

    struct outcomes *closing = run("against_close", "workers=%ld tasks=%ld", workers, tasks);
    EACH_OUTCOME (o, closing)
        expect_int(o, "after_close", -1);
}

/* What was begun before the failure is to be given back as well. */
static void expect_clean_failure(const char *scenario, const char *with)
{
    struct outcomes *all = run(scenario, "%s", with);

    EACH_OUTCOME (o, all)
        expect_int(o, "opened", 0);
}

LAB_TEST(thread_pool, memory_is_clean)
{
    expect_clean_failure("nonsense", "workers=0");
    expect_clean_failure("no_thread", "workers=3 most=0");
    expect_clean_failure("no_thread", "workers=3 most=2");

    long tasks = random_int(1000, 2000);
    struct outcomes *all = run("many", "tasks=%ld", tasks);
    EACH_OUTCOME (o, all)
        expect_int(o, "taken", tasks);

    struct outcomes *together = run("together", "workers=%ld tasks=30", random_int(3, 8));
    EACH_OUTCOME (o, together)
        expect_ints(o, "submitted", zeros, 30);
}
