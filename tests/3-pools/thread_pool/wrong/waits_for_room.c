// expect: room_for_many@plain WRONG
// why: the queue has a fixed size, and pool_submit waits until a task has left it.
#include "thread_pool.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

enum { ROOM = 65536 };

struct task {
    pool_task *function;
    void *argument;
};

struct pool {
    pthread_mutex_t lock;
    pthread_cond_t work;
    pthread_cond_t idle;
    pthread_cond_t room;
    struct task queue[ROOM];
    size_t first;
    size_t count;
    size_t pending;
    bool closed;
    int started;
    pthread_t threads[];
};

static bool next_task(struct pool *pool, struct task *ret_task)
{
    while (pool->count == 0 && !pool->closed)
        pthread_cond_wait(&pool->work, &pool->lock);
    if (pool->count == 0)
        return false;
    *ret_task = pool->queue[pool->first];
    pool->first = (pool->first + 1) % ROOM;
    pool->count--;
    pthread_cond_signal(&pool->room);
    return true;
}

static void *worker(void *argument)
{
    struct pool *pool = argument;
    struct task task;

    pthread_mutex_lock(&pool->lock);
    while (next_task(pool, &task)) {
        pthread_mutex_unlock(&pool->lock);
        task.function(task.argument);
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
    struct pool *pool = calloc(1, sizeof *pool + (size_t)workers * sizeof pool->threads[0]);
    int error = 0;

    if (pool == NULL)
        return NULL;
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->work, NULL);
    pthread_cond_init(&pool->idle, NULL);
    pthread_cond_init(&pool->room, NULL);
    while (pool->started < workers && error == 0) {
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
    pthread_mutex_lock(&pool->lock);
    while (pool->count == ROOM && !pool->closed)
        pthread_cond_wait(&pool->room, &pool->lock);
    if (pool->closed) {
        pthread_mutex_unlock(&pool->lock);
        errno = ESHUTDOWN;
        return -1;
    }
    pool->queue[(pool->first + pool->count++) % ROOM] = (struct task){function, argument};
    pool->pending++;
    pthread_cond_signal(&pool->work);
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
    pthread_cond_broadcast(&pool->work);
    pthread_mutex_unlock(&pool->lock);
}

void pool_join(struct pool *pool)
{
    pool_close(pool);
    for (int i = 0; i < pool->started; i++)
        pthread_join(pool->threads[i], NULL);
    pthread_cond_destroy(&pool->idle);
    pthread_cond_destroy(&pool->room);
    pthread_cond_destroy(&pool->work);
    pthread_mutex_destroy(&pool->lock);
    free(pool);
}
