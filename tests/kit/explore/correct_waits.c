/* SPDX-License-Identifier: MIT */
/* Correct programs that wait: conditions, semaphores, barriers, time. Nothing must be found. */
#include "probe.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stdlib.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

enum { MOST = 4 };

static void run_threads(int n, void *(*function)(void *))
{
    pthread_t ids[MOST];

    for (int i = 0; i < n; i++)
        pthread_create(&ids[i], NULL, function, (void *)(long)i);
    for (int i = 0; i < n; i++)
        pthread_join(ids[i], NULL);
}

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER, room = PTHREAD_COND_INITIALIZER;
static int count, sum;
static bool ready;

static void *wait_or_set(void *number)
{
    pthread_mutex_lock(&lock);
    if ((long)number == 0) {
        ready = true;
        pthread_cond_signal(&changed);
    }
    while (!ready)
        pthread_cond_wait(&changed, &lock);
    pthread_mutex_unlock(&lock);
    return NULL;
}

SCENARIO(wait_in_a_loop)
{
    run_threads(2, wait_or_set);
}

static void *gate(void *number)
{
    pthread_mutex_lock(&lock);
    if ((long)number == 0) {
        ready = true;
        pthread_cond_broadcast(&changed);
    }
    while (!ready)
        pthread_cond_wait(&changed, &lock);
    sum++;
    pthread_mutex_unlock(&lock);
    return NULL;
}

SCENARIO(broadcast_gate)
{
    run_threads(3, gate);
    fact_int("sum", sum);
}

static void *signal_outside(void *number)
{
    pthread_mutex_lock(&lock);
    if ((long)number == 0) {
        ready = true;
        pthread_mutex_unlock(&lock);
        pthread_cond_signal(&changed); /* without the lock: legal */
        return NULL;
    }
    while (!ready)
        pthread_cond_wait(&changed, &lock);
    pthread_mutex_unlock(&lock);
    return NULL;
}

SCENARIO(signal_without_lock)
{
    run_threads(2, signal_outside);
}

/* A queue for one item, two condition variables. */
static void *produce_or_consume(void *number)
{
    for (int i = 0; i < 2; i++) {
        pthread_mutex_lock(&lock);
        if ((long)number == 0) {
            while (count == 1)
                pthread_cond_wait(&room, &lock);
            count = 1;
            pthread_cond_signal(&changed);
        } else {
            while (count == 0)
                pthread_cond_wait(&changed, &lock);
            count = 0;
            sum++;
            pthread_cond_signal(&room);
        }
        pthread_mutex_unlock(&lock);
    }
    return NULL;
}

SCENARIO(queue_of_one)
{
    run_threads(2, produce_or_consume);
    fact_int("sum", sum);
}

static void *wait_in_vain(void *unused)
{
    struct timespec until;
    int error = 0;

    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec++;
    pthread_mutex_lock(&lock);
    while (!ready && error == 0)
        error = pthread_cond_timedwait(&changed, &lock, &until);
    count = error;
    pthread_mutex_unlock(&lock);
    return unused;
}

SCENARIO(timed_wait_runs_out)
{
    run_threads(1, wait_in_vain);
    fact_bool("timed_out", count == ETIMEDOUT);
}

static void *timed_or_set(void *number)
{
    if ((long)number == 0)
        return wait_in_vain(number);
    pthread_mutex_lock(&lock);
    ready = true;
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&lock);
    return NULL;
}

SCENARIO(timed_wait_is_signalled)
{
    run_threads(2, timed_or_set);
    fact_int("error", count);
}

/* One waits for each of the others in turn: a signal for somebody else must not be lost. */
static int turn;

static void *take_turns(void *number)
{
    pthread_mutex_lock(&lock);
    while (turn != (int)(long)number)
        pthread_cond_wait(&changed, &lock);
    turn++;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
    return NULL;
}

SCENARIO(turns)
{
    run_threads(3, take_turns);
    fact_int("turn", turn);
}

static mtx_t c11_lock;
static cnd_t c11_changed;

static int c11_wait_or_set(void *number)
{
    mtx_lock(&c11_lock);
    if ((long)number == 0) {
        ready = true;
        cnd_signal(&c11_changed);
    }
    while (!ready)
        cnd_wait(&c11_changed, &c11_lock);
    mtx_unlock(&c11_lock);
    return 0;
}

SCENARIO(c11_condition)
{
    thrd_t ids[2];

    mtx_init(&c11_lock, mtx_plain);
    cnd_init(&c11_changed);
    for (int i = 0; i < 2; i++)
        thrd_create(&ids[i], c11_wait_or_set, (void *)(long)i);
    for (int i = 0; i < 2; i++)
        thrd_join(ids[i], NULL);
    cnd_destroy(&c11_changed);
    mtx_destroy(&c11_lock);
}

static sem_t filled, empty;

static void *hand_over(void *number)
{
    for (int i = 0; i < 2; i++) {
        if ((long)number == 0) {
            sem_wait(&empty);
            count = i + 1; /* no lock: the semaphores order everything */
            sem_post(&filled);
        } else {
            sem_wait(&filled);
            sum += count;
            sem_post(&empty);
        }
    }
    return NULL;
}

SCENARIO(semaphores_hand_over)
{
    sem_init(&filled, 0, 0);
    sem_init(&empty, 0, 1);
    run_threads(2, hand_over);
    sem_destroy(&filled);
    sem_destroy(&empty);
    fact_int("sum", sum);
}

static void *sem_as_lock(void *unused)
{
    sem_wait(&empty);
    sum++;
    sem_post(&empty);
    return unused;
}

SCENARIO(semaphore_as_lock)
{
    sem_init(&empty, 0, 1);
    run_threads(3, sem_as_lock);
    fact_int("sum", sum);
}

static void *sem_by_trying(void *unused)
{
    while (sem_trywait(&empty) != 0)
        thrd_yield();
    sum++;
    sem_post(&empty);
    return unused;
}

SCENARIO(semaphore_by_trying)
{
    sem_init(&empty, 0, 1);
    run_threads(2, sem_by_trying);
    fact_int("sum", sum);
}

static void *sem_in_time(void *unused)
{
    struct timespec until;

    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += 5;
    count = sem_timedwait(&filled, &until) == 0 ? 0 : errno;
    return unused;
}

SCENARIO(semaphore_in_time)
{
    pthread_t id;

    sem_init(&filled, 0, 0);
    pthread_create(&id, NULL, sem_in_time, NULL);
    pthread_join(id, NULL);
    fact_bool("too_late", count == ETIMEDOUT);
}

static sem_t *named;

static void *sem_by_name(void *unused)
{
    sem_wait(named);
    sum++;
    sem_post(named);
    return unused;
}

SCENARIO(named_semaphore)
{
    named = sem_open("/interleave-test", O_CREAT | O_EXCL, 0600, 1);
    fact_bool("opened", named != SEM_FAILED);
    run_threads(2, sem_by_name);
    sem_close(named);
    sem_unlink("/interleave-test");
    fact_int("sum", sum);
}

static pthread_barrier_t barrier;
static int cells[2][2];

static void *phases(void *number)
{
    int me = (int)(long)number;

    cells[0][me] = me + 1;
    pthread_barrier_wait(&barrier);
    cells[1][me] = cells[0][1 - me]; /* the other's, from before the barrier */
    pthread_barrier_wait(&barrier);
    if (cells[1][1 - me] != me + 1)
        abort();
    return NULL;
}

SCENARIO(barrier_phases)
{
    pthread_barrier_init(&barrier, NULL, 2);
    run_threads(2, phases);
    pthread_barrier_destroy(&barrier);
}

static void *serial_one(void *unused)
{
    if (pthread_barrier_wait(&barrier) == PTHREAD_BARRIER_SERIAL_THREAD)
        count++; /* exactly one of them */
    return unused;
}

SCENARIO(barrier_serial)
{
    pthread_barrier_init(&barrier, NULL, 3);
    run_threads(3, serial_one);
    fact_int("serial", count);
}

static void *leave_quietly(void *unused)
{
    sum = 5;
    sem_post(&filled);
    return unused;
}

SCENARIO(detached)
{
    pthread_t id;

    sem_init(&filled, 0, 0);
    pthread_create(&id, NULL, leave_quietly, NULL);
    pthread_detach(id);
    sem_wait(&filled);
    fact_int("sum", sum);
}

/* Sleeping is allowed; it just orders nothing. */
static void *sleepy(void *number)
{
    usleep(1000 * (3 - (unsigned)(long)number));
    pthread_mutex_lock(&lock);
    sum++;
    pthread_mutex_unlock(&lock);
    return NULL;
}

SCENARIO(sleeping)
{
    run_threads(3, sleepy);
    fact_int("sum", sum);
}

static void *watch_the_clock(void *unused)
{
    struct timespec start, now;

    clock_gettime(CLOCK_MONOTONIC, &start);
    do
        clock_gettime(CLOCK_MONOTONIC, &now);
    while (now.tv_sec < start.tv_sec + 2);
    return unused;
}

SCENARIO(clock_watching)
{
    run_threads(2, watch_the_clock);
}

SCENARIO(meeting)
{
    pthread_t id;

    fact_bool("alone", meet("nobody else comes", 2));
    pthread_create(&id, NULL, leave_quietly, NULL);
    pthread_join(id, NULL);
}

static void *meet_the_others(void *unused)
{
    if (!meet("all", 3))
        abort();
    return unused;
}

SCENARIO(meeting_of_three)
{
    run_threads(3, meet_the_others);
}
