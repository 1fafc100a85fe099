/* SPDX-License-Identifier: MIT */
#include "counter_mutex.h"

#include "probe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_ROUNDS = 8, MOST_THREADS = COUNTER_MAX_THREADS };

/* Slots of shared_add(): one per (thread, round), then the rest. They order nothing, so that they
 * hide no race. */
enum { SLOT_CALLS = 0, SLOT_STRAY = MOST_THREADS * MOST_ROUNDS, SLOT_MISSED, SLOT_FLAG };

/* A counter on bytes that are not zero: counter_init has to set everything. */
static int dirty_init(struct counter *counter)
{
    memset(counter, 0x5a, sizeof *counter);
    return counter_init(counter);
}

SCENARIO(alone)
{
    size_t count;
    long *amounts = arg_ints("amounts", &count);
    struct counter a, b;

    fact_int("init", dirty_init(&a));
    fact_int("init", dirty_init(&b));
    fact_int("first", counter_value(&a));
    for (size_t i = 0; i < count; i++)
        fact_int("returned", counter_add(&a, amounts[i]));
    fact_int("other", counter_add(&b, 1));
    fact_int("last", counter_value(&a));
    fact_int("locks", spy(SPY_MUTEX_LOCKS));
    counter_destroy(&a);
    counter_destroy(&b);
    free(amounts);
}

/* Counts the calls of each (thread, round), and keeps a number out of range from doing harm. */
static void note_call(int thread, long round)
{
    if (thread < 0 || thread >= MOST_THREADS || round < 0 || round >= MOST_ROUNDS)
        shared_add(SLOT_STRAY, 1);
    else
        shared_add(SLOT_CALLS + (unsigned)thread * MOST_ROUNDS + (unsigned)round, 1);
}

static void counting_step(int thread, long round, void *context)
{
    (void)context;
    note_call(thread, round);
}

static void say_calls(int threads, long rounds)
{
    for (int thread = 0; thread < threads; thread++)
        for (long round = 0; round < rounds; round++)
            fact_int("calls", shared_get((unsigned)(thread * MOST_ROUNDS + round)));
    fact_int("stray_calls", shared_get(SLOT_STRAY));
}

/* The rounds as one thread sees them, one after another. */
static void order_step(int thread, long round, void *context)
{
    const char *const *word = context;

    fact_int("thread", thread);
    fact_int("round", round);
    fact_str("context", *word);
}

SCENARIO(in_order)
{
    struct counter counter;
    const char *word = arg_str("word");

    fact_int("init", dirty_init(&counter));
    counter_add(&counter, arg_int("start"));
    fact_int("result", count_together(&counter, 1, arg_int("rounds"), order_step, &word));
    fact_int("total", counter_value(&counter));
    fact_int("created", spy(SPY_THREADS_CREATED));
    fact_int("joined", spy(SPY_THREADS_JOINED));
    counter_destroy(&counter);
}

SCENARIO(refused)
{
    struct counter counter;

    fact_int("init", dirty_init(&counter));
    fact_int("result",
        count_together(&counter, (int)arg_int("threads"), arg_int("rounds"), counting_step, NULL));
    fact_int("total", counter_value(&counter));
    fact_int("created", spy(SPY_THREADS_CREATED));
    fact_int("stray_calls", shared_get(SLOT_STRAY));
    counter_destroy(&counter);
}

/* After that many threads there is no further one to be had. */
SCENARIO(no_thread)
{
    struct counter counter;

    fact_int("init", dirty_init(&counter));
    limit_tasks((int)arg_int("most"));
    fact_int("result",
        count_together(&counter, (int)arg_int("threads"), arg_int("rounds"), counting_step, NULL));
    fact_int("created", spy(SPY_THREADS_CREATED));
    fact_int("joined", spy(SPY_THREADS_JOINED));
    counter_destroy(&counter);
}

/* With one counting thread nobody else can hold the lock: a trylock that fails was us. */
static void looking_step(int thread, long round, void *context)
{
    struct counter *counter = context;

    (void)thread, (void)round;
    if (pthread_mutex_trylock(&counter->lock) != 0) {
        shared_add(SLOT_FLAG, 1);
        return;
    }
    pthread_mutex_unlock(&counter->lock);
    fact_int("seen", counter_value(counter));
}

SCENARIO(looking)
{
    struct counter counter;

    fact_int("init", dirty_init(&counter));
    fact_int("result", count_together(&counter, 1, arg_int("rounds"), looking_step, &counter));
    fact_int("steps_under_lock", shared_get(SLOT_FLAG));
    fact_int("total", counter_value(&counter));
    counter_destroy(&counter);
}

struct gathering {
    int threads;
    long round; /* in which all threads meet */
};

static void gathering_step(int thread, long round, void *context)
{
    const struct gathering *gathering = context;

    (void)thread;
    if (round == gathering->round && !meet("all steps", gathering->threads))
        shared_add(SLOT_MISSED, 1);
}

SCENARIO(together)
{
    struct counter counter;
    struct gathering gathering = {(int)arg_int("threads"), arg_int("meet_in")};
    long rounds = arg_int("rounds");

    fact_int("init", dirty_init(&counter));
    long locks = spy(SPY_MUTEX_LOCKS);
    fact_int(
        "result", count_together(&counter, gathering.threads, rounds, gathering_step, &gathering));
    fact_int("locks", spy(SPY_MUTEX_LOCKS) - locks);
    fact_int("alone_in_step", shared_get(SLOT_MISSED));
    fact_int("created", spy(SPY_THREADS_CREATED));
    fact_int("joined", spy(SPY_THREADS_JOINED));
    counter_destroy(&counter);
}

SCENARIO(count)
{
    struct counter counter;
    int threads = (int)arg_int("threads");
    long rounds = arg_int("rounds");

    fact_int("init", dirty_init(&counter));
    fact_int("result", count_together(&counter, threads, rounds, counting_step, NULL));
    fact_int("total", counter_value(&counter));
    if (rounds <= MOST_ROUNDS)
        say_calls(threads, rounds);
    counter_destroy(&counter);
}

struct adder {
    struct counter *counter;
    long amount;
    long returned;
};

static void *add_once(void *argument)
{
    struct adder *adder = argument;

    adder->returned = counter_add(adder->counter, adder->amount);
    return NULL;
}

/* Two additions and a reader, all of them ours: counter_add and counter_value without
 * count_together. The order of the two is the schedule's; that the returned values fit to one of
 * the two orders is not. */
SCENARIO(tickets)
{
    struct counter counter;
    pthread_t ids[2];
    long a = arg_int("a"), b = arg_int("b");
    struct adder adders[2] = {{&counter, a, 0}, {&counter, b, 0}};

    fact_int("init", dirty_init(&counter));
    for (int i = 0; i < 2; i++)
        pthread_create(&ids[i], NULL, add_once, &adders[i]);
    long between = counter_value(&counter);
    for (int i = 0; i < 2; i++)
        pthread_join(ids[i], NULL);

    long x = adders[0].returned, y = adders[1].returned;
    fact_bool("one_after_the_other", (x == a && y == a + b) || (y == b && x == a + b));
    fact_bool("value_was_real", between == 0 || between == a || between == b || between == a + b);
    fact_int("total", counter_value(&counter));
    counter_destroy(&counter);
}

/* Somebody else's code that keeps to the rule of the structure: it doubles the value under the
 * counter's own lock while a thread adds. */
SCENARIO(neighbour)
{
    static struct counter counter; /* the sanitizer does not look at fields of local structures */
    pthread_t id;
    long start = arg_int("start"), amount = arg_int("amount");

    fact_int("init", dirty_init(&counter));
    counter_add(&counter, start);
    struct adder adder = {&counter, amount, 0};
    pthread_create(&id, NULL, add_once, &adder);
    pthread_mutex_lock(&counter.lock);
    long before = counter.value;
    counter.value = 2 * before;
    bool disturbed = counter.value != 2 * before;
    pthread_mutex_unlock(&counter.lock);
    pthread_join(id, NULL);

    long total = counter_value(&counter);
    fact_bool("disturbed", disturbed);
    fact_bool("total_fits", total == 2 * start + amount || total == 2 * (start + amount));
    counter_destroy(&counter);
}
