// expect: every_task_once@explore WRONG
// why: the threads look ten times a second whether there is something to do; nobody ever signals.
#include "thread_pool.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

struct task {
    struct task *next;
    pool_task *function;
    void *argument;
};

struct pool {
    pthread_mutex_t lock;
    pthread_cond_t work;
    pthread_cond_t idle;

    struct task *first;
    struct task **end;
    size_t pending;
    bool closed;

    int started;
    pthread_t threads[];
};

static struct task *next_task(struct pool *pool)
{
    while (pool->first == NULL && !pool->closed) {
        struct timespec t;
        clock_gettime(CLOCK_REALTIME, &t);
        t.tv_nsec += 100000000;
        if (t.tv_nsec >= 1000000000) {
            t.tv_nsec -= 1000000000;
            t.tv_sec++;
        }
        pthread_cond_timedwait(&pool->work, &pool->lock, &t);
    }

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
    pthread_mutex_unlock(&pool->lock);
}

void pool_join(struct pool *pool)
{
    pool_close(pool);
    for (int i = 0; i < pool->started; i++)
        pthread_join(pool->threads[i], NULL);
    pthread_cond_destroy(&pool->idle);
    pthread_cond_destroy(&pool->work);
    pthread_mutex_destroy(&pool->lock);
    free(pool);
}
