// expect: threads_run_together@plain WRONG
// why: tasks are dealt out in turn: those behind a slow one wait while other threads are free.
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

struct lane {
    struct pool *pool;
    pthread_t thread;
    pthread_cond_t work;
    struct task *first;
    struct task **end;
};

struct pool {
    pthread_mutex_t lock;
    pthread_cond_t idle;
    int workers;
    size_t submitted;
    size_t pending;
    bool closed;
    struct lane lanes[POOL_MAX_WORKERS];
};

static void *worker(void *argument)
{
    struct lane *lane = argument;
    struct pool *pool = lane->pool;

    pthread_mutex_lock(&pool->lock);
    for (;;) {
        while (lane->first == NULL && !pool->closed)
            pthread_cond_wait(&lane->work, &pool->lock);
        struct task *task = lane->first;

        if (task == NULL)
            break;
        lane->first = task->next;
        if (lane->first == NULL)
            lane->end = &lane->first;
        pthread_mutex_unlock(&pool->lock);
        task->function(task->argument);
        free(task);
        pthread_mutex_lock(&pool->lock);
        if (--pool->pending == 0)
            pthread_cond_broadcast(&pool->idle);
    }
    pthread_mutex_unlock(&pool->lock);
    return NULL;
}

struct pool *pool_open(int workers)
{
    if (workers < 1 || workers > POOL_MAX_WORKERS) {
        errno = EINVAL;
        return NULL;
    }
    struct pool *pool = calloc(1, sizeof *pool);
    int error = 0;

    if (pool == NULL)
        return NULL;
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->idle, NULL);
    while (pool->workers < workers && error == 0) {
        struct lane *lane = &pool->lanes[pool->workers];

        lane->pool = pool;
        lane->end = &lane->first;
        pthread_cond_init(&lane->work, NULL);
        error = pthread_create(&lane->thread, NULL, worker, lane);
        if (error == 0)
            pool->workers++;
    }
    if (error != 0) {
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
    if (pool->closed) {
        pthread_mutex_unlock(&pool->lock);
        free(task);
        errno = ESHUTDOWN;
        return -1;
    }
    struct lane *lane = &pool->lanes[pool->submitted++ % (size_t)pool->workers];

    *lane->end = task;
    lane->end = &task->next;
    pool->pending++;
    pthread_cond_signal(&lane->work);
    pthread_mutex_unlock(&pool->lock);
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
    for (int i = 0; i < pool->workers; i++)
        pthread_cond_signal(&pool->lanes[i].work);
    pthread_mutex_unlock(&pool->lock);
}

void pool_join(struct pool *pool)
{
    pool_close(pool);
    for (int i = 0; i < pool->workers; i++)
        pthread_join(pool->lanes[i].thread, NULL);
    pthread_cond_destroy(&pool->idle);
    pthread_mutex_destroy(&pool->lock);
    free(pool);
}
