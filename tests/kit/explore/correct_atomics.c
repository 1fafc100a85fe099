/* SPDX-License-Identifier: MIT */
/* Correct programs with atomics: the explorer must find nothing in any of them. */
#include "probe.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

enum { MOST = 4 };

static void run_threads(int n, void *(*function)(void *))
{
    pthread_t ids[MOST];

    for (int i = 0; i < n; i++)
        pthread_create(&ids[i], NULL, function, (void *)(long)i);
    for (int i = 0; i < n; i++)
        pthread_join(ids[i], NULL);
}

static atomic_int a, b, c;
static int data;

static void *add(void *unused)
{
    atomic_fetch_add(&a, 1);
    atomic_fetch_add_explicit(&b, 2, memory_order_relaxed);
    return unused;
}

SCENARIO(counting)
{
    run_threads(3, add);
    fact_int("a", a);
    fact_int("b", b);
}

static void *pass_message(void *number)
{
    if ((long)number == 0) {
        data = 42;
        atomic_store_explicit(&a, 1, memory_order_release);
    } else {
        while (!atomic_load_explicit(&a, memory_order_acquire))
            ;
        if (data != 42)
            abort();
    }
    return NULL;
}

SCENARIO(spin_wait)
{
    run_threads(2, pass_message);
}

static void *pass_by_fence(void *number)
{
    if ((long)number == 0) {
        data = 42;
        atomic_thread_fence(memory_order_release);
        atomic_store_explicit(&a, 1, memory_order_relaxed);
    } else {
        while (!atomic_load_explicit(&a, memory_order_relaxed))
            sched_yield();
        atomic_thread_fence(memory_order_acquire);
        if (data != 42)
            abort();
    }
    return NULL;
}

SCENARIO(fences)
{
    run_threads(2, pass_by_fence);
}

/* A release sequence: the relaxed increment in the middle carries the first thread's release on. */
static void *release_sequence(void *number)
{
    if ((long)number == 0) {
        data = 1;
        atomic_store_explicit(&a, 1, memory_order_release);
    } else if ((long)number == 1) {
        int one = 1;

        atomic_compare_exchange_strong_explicit(
            &a, &one, 2, memory_order_relaxed, memory_order_relaxed);
    } else if (atomic_load_explicit(&a, memory_order_acquire) == 2 && data != 1) {
        abort();
    }
    return NULL;
}

SCENARIO(sequence)
{
    run_threads(3, release_sequence);
}

static atomic_flag busy = ATOMIC_FLAG_INIT;

static void *test_and_set(void *unused)
{
    while (atomic_flag_test_and_set(&busy))
        ;
    data++;
    atomic_flag_clear(&busy);
    return unused;
}

SCENARIO(test_and_set_lock)
{
    run_threads(3, test_and_set);
    fact_int("data", data);
}

static void *ticket(void *unused)
{
    int mine = atomic_fetch_add(&a, 1);

    while (atomic_load(&b) != mine)
        sched_yield();
    data++;
    atomic_fetch_add(&b, 1);
    return unused;
}

SCENARIO(ticket_lock)
{
    run_threads(3, ticket);
    fact_int("data", data);
}

static atomic_bool wants[2];
static atomic_int turn;

static void *peterson(void *number)
{
    int me = (int)(long)number;

    atomic_store(&wants[me], true);
    atomic_store(&turn, 1 - me);
    while (atomic_load(&wants[1 - me]) && atomic_load(&turn) == 1 - me)
        ;
    data++;
    atomic_store(&wants[me], false);
    return NULL;
}

SCENARIO(peterson_lock)
{
    run_threads(2, peterson);
    fact_int("data", data);
}

/* Both look only after both have said: at least one sees the other. */
static int saw[2];

static void *store_then_load(void *number)
{
    int me = (int)(long)number;

    atomic_store(me ? &a : &b, 1);
    saw[me] = atomic_load(me ? &b : &a);
    return NULL;
}

SCENARIO(dekker)
{
    run_threads(2, store_then_load);
    if (!saw[0] && !saw[1])
        abort();
}

static _Atomic(int *) table;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static int *get_table(void)
{
    int *found = atomic_load_explicit(&table, memory_order_acquire);

    if (found)
        return found;
    pthread_mutex_lock(&lock);
    found = atomic_load_explicit(&table, memory_order_relaxed);
    if (!found) {
        found = malloc(sizeof(*found));
        *found = 7;
        atomic_store_explicit(&table, found, memory_order_release);
    }
    pthread_mutex_unlock(&lock);
    return found;
}

static void *use_table(void *unused)
{
    if (*get_table() != 7)
        abort();
    return unused;
}

SCENARIO(double_checked)
{
    run_threads(3, use_table);
    free(table);
}

/* The data of a seqlock is atomic, too: that is what makes it correct in C11. */
static void *sequence_lock(void *number)
{
    int before, x, y;

    if ((long)number == 0) {
        atomic_fetch_add(&a, 1);
        atomic_store_explicit(&b, 1, memory_order_relaxed);
        atomic_store_explicit(&c, 1, memory_order_relaxed);
        atomic_fetch_add(&a, 1);
        return NULL;
    }
    do {
        while ((before = atomic_load(&a)) & 1)
            ;
        x = atomic_load_explicit(&b, memory_order_relaxed);
        y = atomic_load_explicit(&c, memory_order_relaxed);
    } while (atomic_load(&a) != before);
    if (x != y)
        abort();
    return NULL;
}

SCENARIO(seqlock)
{
    run_threads(2, sequence_lock);
}

struct item {
    struct item *next;
    int value;
};

static _Atomic(struct item *) top;

static void push(struct item *i)
{
    i->next = atomic_load(&top);
    while (!atomic_compare_exchange_weak(&top, &i->next, i))
        ;
}

static void *push_one(void *number)
{
    struct item *i = malloc(sizeof(*i));

    i->value = (int)(long)number + 1;
    push(i);
    return NULL;
}

SCENARIO(lock_free_stack)
{
    int sum = 0;

    run_threads(3, push_one);
    for (struct item *i = top, *next; i; i = next) {
        next = i->next;
        sum += i->value;
        free(i);
    }
    fact_int("sum", sum);
}

/* Whoever lets go last frees. */
static struct shared {
    atomic_int owners;
    int value;
} * object;

static void *let_go(void *unused)
{
    if (object->value != 3)
        abort();
    if (atomic_fetch_sub_explicit(&object->owners, 1, memory_order_acq_rel) == 1)
        free(object);
    return unused;
}

SCENARIO(reference_count)
{
    object = malloc(sizeof(*object));
    object->value = 3;
    atomic_init(&object->owners, 3);
    run_threads(3, let_go);
}

static void *bounded_add(void *unused)
{
    int now = atomic_load(&a);

    while (now < 2 && !atomic_compare_exchange_weak(&a, &now, now + 1))
        ;
    return unused;
}

SCENARIO(bounded_counter)
{
    run_threads(3, bounded_add);
    fact_int("a", a);
}

/* A bounded number of looks: no spinning, although it seems so. */
static void *look_three_times(void *number)
{
    if ((long)number == 0) {
        for (int i = 0; i < 8 && !atomic_load(&a); i++)
            sched_yield();
        return NULL;
    }
    return number;
}

SCENARIO(bounded_look)
{
    run_threads(2, look_three_times);
}

static void *bits(void *number)
{
    if ((long)number == 0) {
        atomic_fetch_or(&a, 6);
        atomic_fetch_and(&a, 3);
    } else {
        atomic_fetch_xor(&b, 5);
        atomic_exchange(&c, 9);
    }
    return NULL;
}

SCENARIO(bit_operations)
{
    run_threads(2, bits);
    fact_int("a", a);
    fact_int("b", b);
    fact_int("c", c);
}
