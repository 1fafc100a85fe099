/* SPDX-License-Identifier: MIT */
#include "bounded_queue.h"

#include "probe.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

enum { MOST_THREADS = 8, MOST_ITEMS = 4096, PRODUCER = 1000, UNTOUCHED = 4242 };

/* One thread; ops are 1 for put and 0 for get, and never have to wait. */
SCENARIO(alone)
{
    size_t n_ops, n_values, next = 0;
    long *ops = arg_ints("ops", &n_ops), *values = arg_ints("values", &n_values);
    struct queue *queue = queue_new((size_t)arg_int("capacity"));
    struct queue *other = queue_new(1);
    long item;

    fact_bool("made", queue != NULL && other != NULL);
    fact_bool("put", queue_put(other, values[0] + 1));
    for (size_t i = 0; i < n_ops; i++) {
        if (ops[i] == 1) {
            fact_bool("put", queue_put(queue, values[next++ % n_values]));
        } else {
            item = UNTOUCHED;
            fact_bool("get", queue_get(queue, &item));
            fact_int("got", item);
        }
    }
    item = 0;
    fact_bool("get", queue_get(other, &item));
    fact_int("other", item - values[0]);
    queue_free(queue);
    queue_free(other);
    free(ops);
    free(values);
}

SCENARIO(refused)
{
    errno = 0;
    struct queue *queue = queue_new(0);

    fact_bool("is_null", queue == NULL);
    fact_int("error", errno);
    queue_free(queue);
    queue_free(NULL);
}

SCENARIO(closing)
{
    size_t count;
    long *values = arg_ints("values", &count);
    struct queue *queue = queue_new((size_t)arg_int("capacity"));
    long item;

    for (size_t i = 0; i < count; i++)
        fact_bool("put_open", queue_put(queue, values[i]));
    queue_close(queue);
    fact_bool("put_closed", queue_put(queue, 77));
    for (size_t i = 0; i < count; i++) {
        item = -1;
        fact_bool("get_left", queue_get(queue, &item));
        fact_int("got", item);
    }
    queue_close(queue);
    fact_bool("put_closed", queue_put(queue, 78));
    for (int i = 0; i < 2; i++) {
        item = UNTOUCHED;
        fact_bool("get_empty", queue_get(queue, &item));
        fact_int("untouched", item);
    }
    queue_free(queue);
    free(values);
}

struct waiter {
    struct queue *queue;
    long item;
    bool done;
};

static void *put_one(void *argument)
{
    struct waiter *waiter = argument;

    waiter->done = queue_put(waiter->queue, waiter->item);
    meet("got through", 2);
    return NULL;
}

static void *get_one(void *argument)
{
    struct waiter *waiter = argument;

    waiter->done = queue_get(waiter->queue, &waiter->item);
    meet("got through", 2);
    return NULL;
}

/* A producer at a full queue, a consumer at an empty one. If either gets through, it meets main.
 * If neither does and both sleep, nothing moves any more, and the meeting is broken; if one is
 * awake and looks again and again, it never becomes quiet and the time runs out. */
SCENARIO(blocked)
{
    long capacity = arg_int("capacity"), first = arg_int("first"), item;
    struct queue *full = queue_new((size_t)capacity), *empty = queue_new((size_t)capacity);
    struct waiter producer = {full, first + capacity, false}, consumer = {empty, -1, false};
    pthread_t ids[2];

    for (long i = 0; i < capacity; i++)
        queue_put(full, first + i);
    pthread_create(&ids[0], NULL, put_one, &producer);
    pthread_create(&ids[1], NULL, get_one, &consumer);
    fact_bool("got_through", meet("got through", 2));
    fact_int("yields", spy(SPY_YIELDS));
    fact_int("sleeps", spy(SPY_SLEEPS));

    /* Now each gets what it waits for. */
    fact_bool("get", queue_get(full, &item));
    fact_int("got", item);
    fact_bool("put", queue_put(empty, arg_int("gift")));
    for (int i = 0; i < 2; i++)
        pthread_join(ids[i], NULL);
    fact_bool("producer_done", producer.done);
    fact_bool("consumer_done", consumer.done);
    fact_int("received", consumer.item);
    for (long i = 0; producer.done && i < capacity; i++) {
        queue_get(full, &item);
        fact_int("got", item);
    }
    queue_free(full);
    queue_free(empty);
}

struct worker {
    struct queue *queue;
    long number;
    long count;   /* producers: items to put; consumers: items got */
    long refused; /* producers: puts that returned false */
    long items[MOST_ITEMS];
};

static void *produce(void *argument)
{
    struct worker *worker = argument;

    for (long i = 0; i < worker->count; i++)
        if (!queue_put(worker->queue, worker->number * PRODUCER + i))
            worker->refused++;
    return NULL;
}

/* A queue may hand out more than was ever put, and never stop. One item too many says enough. */
static long enough = MOST_ITEMS;

static void *consume(void *argument)
{
    struct worker *worker = argument;
    long item;

    while (worker->count < enough && queue_get(worker->queue, &item))
        worker->items[worker->count++] = item;
    return NULL;
}

static int compare_items(const void *left, const void *right)
{
    long a = *(const long *)left, b = *(const long *)right;

    return (a > b) - (a < b);
}

/* True when each producer's items reached this consumer in the order of putting. */
static bool got_in_order(const struct worker *consumer)
{
    long last[MOST_THREADS + 1] = {0};

    for (long i = 0; i < consumer->count; i++) {
        long item = consumer->items[i], from = item / PRODUCER;

        if (from < 1 || from > MOST_THREADS || item < last[from])
            return false;
        last[from] = item;
    }
    return true;
}

/* What does not depend on the schedule: all items that came out, sorted. */
static void say_received(struct worker *consumers, long count)
{
    static long all[MOST_THREADS * MOST_ITEMS];
    size_t received = 0;
    bool in_order = true;

    for (long c = 0; c < count; c++) {
        in_order = in_order && got_in_order(&consumers[c]);
        for (long i = 0; i < consumers[c].count; i++)
            all[received++] = consumers[c].items[i];
    }
    qsort(all, received, sizeof *all, compare_items);
    fact_int("received_count", (long)received);
    if (received <= 64)
        fact_ints("received", all, received);
    fact_bool("in_order", in_order);
}

SCENARIO(traffic)
{
    static struct worker producers[MOST_THREADS], consumers[MOST_THREADS];
    pthread_t producer_ids[MOST_THREADS], consumer_ids[MOST_THREADS];
    struct queue *queue = queue_new((size_t)arg_int("capacity"));
    long n_producers = arg_int("producers"), n_consumers = arg_int("consumers"), refused = 0;

    if (n_producers * arg_int("items") < MOST_ITEMS)
        enough = n_producers * arg_int("items") + 1;
    for (long i = 0; i < n_consumers; i++) {
        consumers[i].queue = queue;
        pthread_create(&consumer_ids[i], NULL, consume, &consumers[i]);
    }
    for (long i = 0; i < n_producers; i++) {
        producers[i].queue = queue;
        producers[i].number = i + 1;
        producers[i].count = arg_int("items");
        pthread_create(&producer_ids[i], NULL, produce, &producers[i]);
    }
    for (long i = 0; i < n_producers; i++) {
        pthread_join(producer_ids[i], NULL);
        refused += producers[i].refused;
    }
    queue_close(queue);
    for (long i = 0; i < n_consumers; i++)
        pthread_join(consumer_ids[i], NULL);
    fact_int("refused", refused);
    fact_int("ran_out", spy(SPY_SLEEPS));
    say_received(consumers, n_consumers);
    queue_free(queue);
}

static void *take_one(void *argument)
{
    struct waiter *waiter = argument;

    waiter->done = queue_get(waiter->queue, &waiter->item);
    return NULL;
}

static void *give_one(void *argument)
{
    struct waiter *waiter = argument;

    waiter->done = queue_put(waiter->queue, waiter->item);
    return NULL;
}

/* Two threads that want one item each, or give one each to a full queue, while the main thread
 * makes both possible. Nobody comes by later to make up for a wake-up that was not given. */
SCENARIO(one_each)
{
    bool at_full = arg_int("full") == 1;
    long first = arg_int("first"), items[2] = {-1, -1};
    struct queue *queue = queue_new((size_t)arg_int("capacity"));
    struct waiter waiters[2] = {{queue, first + 2, false}, {queue, first + 3, false}};
    pthread_t ids[2];

    for (int i = 0; at_full && i < 2; i++)
        queue_put(queue, first + i);
    for (int i = 0; i < 2; i++)
        pthread_create(&ids[i], NULL, at_full ? give_one : take_one, &waiters[i]);
    for (int i = 0; i < 2; i++)
        at_full ? queue_get(queue, &items[i]) : queue_put(queue, first + i);
    for (int i = 0; i < 2; i++) {
        pthread_join(ids[i], NULL);
        fact_bool("done", waiters[i].done);
    }
    for (int i = 0; !at_full && i < 2; i++)
        items[i] = waiters[i].item;
    qsort(items, 2, sizeof *items, compare_items);
    fact_ints("items", items, 2);
    queue_free(queue);
}

/* Two threads at a full or at an empty queue, which is closed before, while or after they come. */
SCENARIO(closed_on)
{
    bool at_full = arg_int("full") == 1;
    long first = arg_int("first"), item = -1;
    struct queue *queue = queue_new(1);
    struct waiter waiters[2] = {{queue, first + 1, true}, {queue, first + 2, true}};
    pthread_t ids[2];

    if (at_full)
        queue_put(queue, first);
    for (int i = 0; i < 2; i++)
        pthread_create(&ids[i], NULL, at_full ? put_one : get_one, &waiters[i]);
    queue_close(queue);
    for (int i = 0; i < 2; i++) {
        pthread_join(ids[i], NULL);
        fact_bool("done", waiters[i].done);
    }
    if (at_full) {
        fact_bool("get", queue_get(queue, &item));
        fact_int("got", item);
    }
    fact_bool("get_empty", queue_get(queue, &item));
    queue_free(queue);
}

/* A queue that ends with items inside, and one that nobody ever used. */
SCENARIO(abandoned)
{
    long capacity = arg_int("capacity"), item = 0;
    struct queue *queue = queue_new((size_t)capacity), *unused = queue_new((size_t)capacity);

    fact_bool("made", queue != NULL && unused != NULL);
    for (long i = 0; queue != NULL && i < capacity; i++)
        queue_put(queue, i);
    if (queue == NULL)
        return;
    queue_get(queue, &item);
    queue_put(queue, capacity);
    fact_int("got", item);
    queue_free(queue);
    queue_free(unused);
}
