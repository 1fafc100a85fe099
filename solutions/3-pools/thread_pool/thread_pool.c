/* SPDX-License-Identifier: MIT */
#include "thread_pool.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

struct task {
    struct task *next;
    pool_task *function;
    void *argument;
};

struct pool {
    pthread_mutex_t lock;
    pthread_cond_t work; /* a task came, or the pool was closed: news for the threads */
    pthread_cond_t idle; /* `pending` became 0: news for those in pool_wait() */

    /* All of this is protected by `lock`. */
    struct task *first; /* the queue: taken here… */
    struct task **end;  /* …added here */
    size_t pending;     /* tasks that wait or run: an empty queue alone is not an idle pool */
    bool closed;

    /* Written by pool_open() before anybody else knows the pool, and by pool_join() after. */
    int started;
    pthread_t threads[];
};

/* The next task, off the queue; NULL when there is none and none will ever come. */
static struct task *next_task(struct pool *pool)
{
    /* `while`, not `if`: between the signal and this thread's next line another thread may have
     * come by and taken the task. And a wake-up without any signal is allowed, too. */
    while (pool->first == NULL && !pool->closed)
        pthread_cond_wait(&pool->work, &pool->lock);

    struct task *task = pool->first;

    if (task != NULL) {
        pool->first = task->next;
        if (pool->first == NULL)
            pool->end = &pool->first;
    }
    return task;
}

static void *worker(void *argument)
{
    struct pool *pool = argument;
    struct task *task;

    pthread_mutex_lock(&pool->lock);
    while ((task = next_task(pool)) != NULL) {
        /* The lock is about the queue, not about the work: held here, it would make the threads
         * take turns, and a task that submits would wait for itself. */
        pthread_mutex_unlock(&pool->lock);
        task->function(task->argument);
        free(task);
        pthread_mutex_lock(&pool->lock);
        /* Only now: what the task submitted was counted while it was still counted itself, so the
         * number cannot touch 0 in between. Everybody in pool_wait() waits for the same thing. */
        if (--pool->pending == 0)
            pthread_cond_broadcast(&pool->idle);
    }
    pthread_mutex_unlock(&pool->lock);
    return NULL;
}

static struct pool *pool_new(int workers)
{
    struct pool *pool = calloc(1, sizeof *pool + (size_t)workers * sizeof pool->threads[0]);

    if (pool == NULL)
        return NULL;
    pool->end = &pool->first;
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->work, NULL);
    pthread_cond_init(&pool->idle, NULL);
    return pool;
}

struct pool *pool_open(int workers)
{
    if (workers < 1 || workers > POOL_MAX_WORKERS) {
        errno = EINVAL;
        return NULL;
    }
    struct pool *pool = pool_new(workers);
    int error = 0;

    while (pool != NULL && pool->started < workers && error == 0) {
        error = pthread_create(&pool->threads[pool->started], NULL, worker, pool);
        if (error == 0)
            pool->started++;
    }
    if (error != 0) {
        /* The threads that did start are a smaller pool, and end like one. */
        pool_join(pool);
        errno = error;
        return NULL;
    }
    return pool;
}

int pool_submit(struct pool *pool, pool_task *function, void *argument)
{
    struct task *task = malloc(sizeof *task);

    if (task == NULL)
        return -1;
    *task = (struct task){NULL, function, argument};

    pthread_mutex_lock(&pool->lock);
    bool refused = pool->closed;
    if (!refused) {
        *pool->end = task;
        pool->end = &task->next;
        pool->pending++;
        /* One task is news for one thread. */
        pthread_cond_signal(&pool->work);
    }
    pthread_mutex_unlock(&pool->lock);

    if (refused) {
        free(task);
        errno = ESHUTDOWN;
        return -1;
    }
    return 0;
}

void pool_wait(struct pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    while (pool->pending > 0)
        pthread_cond_wait(&pool->idle, &pool->lock);
    pthread_mutex_unlock(&pool->lock);
}

void pool_close(struct pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    pool->closed = true;
    /* This is news for every thread that sleeps: a signal would wake one, and pool_join() would
     * wait for the others for ever. */
    pthread_cond_broadcast(&pool->work);
    pthread_mutex_unlock(&pool->lock);
}

void pool_join(struct pool *pool)
{
    pool_close(pool);
    /* The threads end by themselves when the pool is closed and the queue is empty. */
    for (int i = 0; i < pool->started; i++)
        pthread_join(pool->threads[i], NULL);
    pthread_cond_destroy(&pool->idle);
    pthread_cond_destroy(&pool->work);
    pthread_mutex_destroy(&pool->lock);
    free(pool);
}
