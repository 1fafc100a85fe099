/* SPDX-License-Identifier: MIT */
/* Correct programs with locks: the explorer must find nothing in any of them. */
#include "probe.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <threads.h>
#include <time.h>

enum { MOST = 4 };

static void run_threads(int n, void *(*function)(void *))
{
    pthread_t ids[MOST];

    for (int i = 0; i < n; i++)
        pthread_create(&ids[i], NULL, function, (void *)(long)i);
    for (int i = 0; i < n; i++)
        pthread_join(ids[i], NULL);
}

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER, other = PTHREAD_MUTEX_INITIALIZER;
static int total;

static void *add_locked(void *unused)
{
    for (int i = 0; i < 2; i++) {
        pthread_mutex_lock(&lock);
        total++;
        pthread_mutex_unlock(&lock);
    }
    return unused;
}

SCENARIO(mutex)
{
    run_threads(2, add_locked);
    fact_int("total", total);
}

static void *add_twice_locked(void *unused)
{
    pthread_mutex_lock(&lock);
    pthread_mutex_lock(&lock);
    total++;
    pthread_mutex_unlock(&lock);
    total++;
    pthread_mutex_unlock(&lock);
    return unused;
}

SCENARIO(recursive)
{
    pthread_mutexattr_t attributes;

    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(&lock, &attributes);
    run_threads(3, add_twice_locked);
    pthread_mutex_destroy(&lock);
    fact_int("total", total);
}

static pthread_mutex_t checked = PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP;

static void *add_checked(void *unused)
{
    if (pthread_mutex_lock(&checked) == 0) {
        total++;
        pthread_mutex_unlock(&checked);
    }
    return unused;
}

SCENARIO(error_checking)
{
    run_threads(3, add_checked);
    fact_int("total", total);
}

static void *add_by_trying(void *unused)
{
    while (pthread_mutex_trylock(&lock) != 0)
        sched_yield();
    total++;
    pthread_mutex_unlock(&lock);
    return unused;
}

SCENARIO(trying)
{
    run_threads(3, add_by_trying);
    fact_int("total", total);
}

static void *add_in_time(void *unused)
{
    struct timespec until;

    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += 10;
    if (pthread_mutex_timedlock(&lock, &until) == 0) {
        total++;
        pthread_mutex_unlock(&lock);
    }
    return unused;
}

SCENARIO(timed_lock)
{
    run_threads(2, add_in_time);
    fact_int("total", total);
}

static void *give_up_in_time(void *unused)
{
    struct timespec until = {0};

    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += 1000;
    total = pthread_mutex_timedlock(&lock, &until) == ETIMEDOUT;
    return unused;
}

SCENARIO(timed_lock_too_late)
{
    pthread_t id;

    pthread_mutex_lock(&lock);
    pthread_create(&id, NULL, give_up_in_time, NULL);
    pthread_join(id, NULL);
    pthread_mutex_unlock(&lock);
    fact_int("gave_up", total);
}

static pthread_spinlock_t spin;

static void *add_spinning(void *unused)
{
    pthread_spin_lock(&spin);
    total++;
    pthread_spin_unlock(&spin);
    return unused;
}

SCENARIO(spin_lock)
{
    pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
    run_threads(3, add_spinning);
    pthread_spin_destroy(&spin);
    fact_int("total", total);
}

static int accounts[2] = {10, 10};

static void *transfer(void *direction)
{
    long from = (long)direction & 1;

    pthread_mutex_lock(&lock); /* always this one first */
    pthread_mutex_lock(&other);
    accounts[from]--;
    accounts[1 - from]++;
    pthread_mutex_unlock(&other);
    pthread_mutex_unlock(&lock);
    return NULL;
}

SCENARIO(ordered_locks)
{
    run_threads(3, transfer);
    fact_int("sum", accounts[0] + accounts[1]);
}

static pthread_mutex_t forks[3] = {
    PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER};

static void *dine(void *number)
{
    int a = (int)(long)number, b = (a + 1) % 3, low = a < b ? a : b, high = a < b ? b : a;

    pthread_mutex_lock(&forks[low]);
    pthread_mutex_lock(&forks[high]);
    pthread_mutex_unlock(&forks[high]);
    pthread_mutex_unlock(&forks[low]);
    return NULL;
}

SCENARIO(philosophers)
{
    run_threads(3, dine);
}

static pthread_rwlock_t shelf = PTHREAD_RWLOCK_INITIALIZER;
static int pages[2];

static void *read_or_write(void *number)
{
    if ((long)number == 0) {
        pthread_rwlock_wrlock(&shelf);
        pages[0]++;
        pages[1]++;
    } else {
        pthread_rwlock_rdlock(&shelf);
        if (pages[0] != pages[1])
            abort();
    }
    pthread_rwlock_unlock(&shelf);
    return NULL;
}

SCENARIO(readers_writer)
{
    run_threads(3, read_or_write);
    fact_int("pages", pages[0]);
}

static void *try_to_read(void *number)
{
    if ((long)number == 0)
        return read_or_write(number);
    while (pthread_rwlock_tryrdlock(&shelf) != 0)
        sched_yield();
    if (pages[0] != pages[1])
        abort();
    pthread_rwlock_unlock(&shelf);
    return NULL;
}

SCENARIO(trying_reader)
{
    run_threads(3, try_to_read);
}

/* Readers count themselves; the first locks for all, the last one unlocks, whichever thread it is:
 * so the lock has to be a semaphore's work, and here it is a state under a mutex. */
static int readers, writing;

static bool may_read(void)
{
    bool may;

    pthread_mutex_lock(&lock);
    may = !writing;
    readers += may;
    pthread_mutex_unlock(&lock);
    return may;
}

static void *polite_reader(void *unused)
{
    while (!may_read())
        sched_yield();
    if (pages[0] != pages[1])
        abort();
    pthread_mutex_lock(&lock);
    readers--;
    pthread_mutex_unlock(&lock);
    return unused;
}

static void *polite_writer(void *unused)
{
    bool mine = false;

    while (!mine) {
        pthread_mutex_lock(&lock);
        mine = writing = readers == 0;
        pthread_mutex_unlock(&lock);
    }
    pages[0]++;
    pages[1]++;
    pthread_mutex_lock(&lock);
    writing = 0;
    pthread_mutex_unlock(&lock);
    return unused;
}

static void *polite(void *number)
{
    return (long)number == 0 ? polite_writer(number) : polite_reader(number);
}

SCENARIO(counted_readers)
{
    run_threads(2, polite);
}

static char word[16] = "none";

static void *copy_word(void *number)
{
    char own[16];

    pthread_mutex_lock(&lock);
    strcpy(own, word);
    memset(word, 0, sizeof(word));
    strncpy(word, (long)number ? "one" : "two", sizeof(word) - 1);
    pthread_mutex_unlock(&lock);
    if (strlen(own) < 3)
        abort();
    return NULL;
}

SCENARIO(strings_under_lock)
{
    run_threads(3, copy_word);
}

static mtx_t c11_lock;

static int add_c11(void *unused)
{
    (void)unused;
    mtx_lock(&c11_lock);
    total++;
    mtx_unlock(&c11_lock);
    return 7;
}

SCENARIO(c11_threads)
{
    thrd_t ids[2];
    int results[2];

    mtx_init(&c11_lock, mtx_plain);
    for (int i = 0; i < 2; i++)
        thrd_create(&ids[i], add_c11, NULL);
    for (int i = 0; i < 2; i++)
        thrd_join(ids[i], &results[i]);
    mtx_destroy(&c11_lock);
    fact_int("total", total);
    fact_int("result", results[0] + results[1]);
}

static mtx_t nested;

static int add_nested(void *unused)
{
    (void)unused;
    mtx_lock(&nested);
    while (mtx_trylock(&nested) != thrd_success)
        ;
    total++;
    mtx_unlock(&nested);
    mtx_unlock(&nested);
    return 0;
}

SCENARIO(c11_recursive)
{
    thrd_t ids[2];

    mtx_init(&nested, mtx_plain | mtx_recursive);
    for (int i = 0; i < 2; i++)
        thrd_create(&ids[i], add_nested, NULL);
    for (int i = 0; i < 2; i++)
        thrd_join(ids[i], NULL);
    fact_int("total", total);
}

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int *table;

static void make_table(void)
{
    table = malloc(sizeof(*table));
    *table = 42;
}

static void *use_table(void *unused)
{
    pthread_once(&once, make_table);
    return *table == 42 ? unused : NULL;
}

SCENARIO(once)
{
    run_threads(3, use_table);
    fact_int("table", *table);
    free(table);
}

static once_flag flag = ONCE_FLAG_INIT;

static void *use_c11_table(void *unused)
{
    call_once(&flag, make_table);
    return *table == 42 ? unused : NULL;
}

SCENARIO(c11_once)
{
    run_threads(3, use_c11_table);
    free(table);
}

static pthread_key_t key;

static void count_down(void *value)
{
    pthread_mutex_lock(&lock);
    total += *(int *)value;
    pthread_mutex_unlock(&lock);
    free(value);
}

static void *use_key(void *number)
{
    int *own = malloc(sizeof(*own));

    *own = (int)(long)number + 1;
    pthread_setspecific(key, own);
    return pthread_getspecific(key) == own ? NULL : number;
}

SCENARIO(keys)
{
    pthread_key_create(&key, count_down);
    run_threads(3, use_key);
    pthread_key_delete(key);
    fact_int("total", total);
}

static _Thread_local int own_count;

static void *count_own(void *unused)
{
    for (int i = 0; i < 3; i++)
        own_count++;
    pthread_mutex_lock(&lock);
    total += own_count;
    pthread_mutex_unlock(&lock);
    pthread_exit(unused);
}

SCENARIO(thread_local_storage)
{
    run_threads(2, count_own);
    fact_int("total", total);
}

struct message {
    struct message *next;
    int value;
};

static struct message *mailbox;

static void *post(void *number)
{
    struct message *m = malloc(sizeof(*m));

    m->value = (int)(long)number + 1;
    pthread_mutex_lock(&lock);
    m->next = mailbox;
    mailbox = m;
    pthread_mutex_unlock(&lock);
    return NULL;
}

static void *collect(void *number)
{
    int found = 0;

    if ((long)number < 2)
        return post(number);
    while (found < 2) {
        struct message *m;

        pthread_mutex_lock(&lock);
        m = mailbox;
        if (m)
            mailbox = m->next;
        pthread_mutex_unlock(&lock);
        if (!m) {
            sched_yield();
            continue;
        }
        total += m->value;
        free(m);
        found++;
    }
    return NULL;
}

SCENARIO(freed_by_another)
{
    run_threads(3, collect);
    fact_int("total", total);
}

/* What the C library keeps for each thread belongs to each thread, whoever runs in between; also on
 * a stack larger than usual, and for more threads than are kept ready. */
enum { MANY = 10, LARGE = 3 << 20 };

static pthread_t selves[MANY];

static void *have_own(void *number)
{
    static _Thread_local long mine;
    long me = (long)number;
    char large[LARGE / 2];

    large[0] = (char)me;
    mine = me;
    errno = (int)me;
    selves[me] = pthread_self();
    sched_yield();
    if (mine != me || errno != me || large[0] != me || !pthread_equal(selves[me], pthread_self()))
        abort();
    return NULL;
}

SCENARIO(own_things)
{
    pthread_t ids[MANY];
    pthread_attr_t attributes;

    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, LARGE);
    for (long i = 0; i < MANY; i++)
        pthread_create(&ids[i], &attributes, have_own, (void *)i);
    for (int i = 0; i < MANY; i++)
        pthread_join(ids[i], NULL);
    for (int i = 0; i < MANY; i++)
        if (!pthread_equal(ids[i], selves[i]) || pthread_equal(ids[i], pthread_self()))
            abort();
}

/* Waiting by trying again and again, after other things were looked at that others change. */
static void lock_by_trying(void)
{
    while (pthread_mutex_trylock(&lock))
        ;
}

static void *look_and_count(void *unused)
{
    for (int i = 0; i < 2; i++) {
        int before;

        lock_by_trying();
        before = total;
        pthread_mutex_unlock(&lock);
        lock_by_trying();
        if (total < before)
            abort();
        total++;
        pthread_mutex_unlock(&lock);
    }
    return unused;
}

SCENARIO(trying_in_circles)
{
    run_threads(2, look_and_count);
    fact_int("total", total);
}
