/* C11 threads, one condition variable for everything with a broadcast each time, and a ring that
 * doubles when it is full. */
#include "thread_pool.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <threads.h>

struct task {
    pool_task *function;
    void *argument;
};

struct pool {
    mtx_t lock;
    cnd_t changed;
    struct task *ring;
    size_t size, first, count, running;
    bool closed;
    int workers;
    thrd_t threads[POOL_MAX_WORKERS];
};

static int serve(void *argument)
{
    struct pool *pool = argument;

    mtx_lock(&pool->lock);
    while (true) {
        if (pool->count > 0) {
            struct task task = pool->ring[pool->first];

            pool->first = (pool->first + 1) % pool->size;
            pool->count--;
            pool->running++;
            mtx_unlock(&pool->lock);
            task.function(task.argument);
            mtx_lock(&pool->lock);
            pool->running--;
            cnd_broadcast(&pool->changed);
        } else if (pool->closed) {
            break;
        } else {
            cnd_wait(&pool->changed, &pool->lock);
        }
    }
    mtx_unlock(&pool->lock);
    return 0;
}

struct pool *pool_open(int workers)
{
    struct pool *pool;

    errno = EINVAL;
    if (workers < 1 || workers > POOL_MAX_WORKERS || (pool = calloc(1, sizeof *pool)) == NULL)
        return NULL;
    mtx_init(&pool->lock, mtx_plain);
    cnd_init(&pool->changed);
    while (pool->workers < workers) {
        int result = thrd_create(&pool->threads[pool->workers], serve, pool);

        if (result != thrd_success) {
            pool_join(pool);
            errno = EAGAIN;
            return NULL;
        }
        pool->workers++;
    }
    return pool;
}

static bool grow(struct pool *pool)
{
    size_t size = pool->size == 0 ? 16 : 2 * pool->size;
    struct task *ring = malloc(size * sizeof *ring);

    if (ring == NULL)
        return false;
    for (size_t i = 0; i < pool->count; i++)
        ring[i] = pool->ring[(pool->first + i) % pool->size];
    free(pool->ring);
    pool->ring = ring;
    pool->size = size;
    pool->first = 0;
    return true;
}

int pool_submit(struct pool *pool, pool_task *function, void *argument)
{
    int error = 0;

    mtx_lock(&pool->lock);
    if (pool->closed)
        error = ESHUTDOWN;
    else if (pool->count == pool->size && !grow(pool))
        error = ENOMEM;
    if (error == 0) {
        pool->ring[(pool->first + pool->count++) % pool->size] = (struct task){function, argument};
        cnd_broadcast(&pool->changed);
    }
    mtx_unlock(&pool->lock);
    errno = error;
    return error == 0 ? 0 : -1;
}

void pool_wait(struct pool *pool)
{
    mtx_lock(&pool->lock);
    while (pool->count > 0 || pool->running > 0)
        cnd_wait(&pool->changed, &pool->lock);
    mtx_unlock(&pool->lock);
}

void pool_close(struct pool *pool)
{
    mtx_lock(&pool->lock);
    pool->closed = true;
    cnd_broadcast(&pool->changed);
    mtx_unlock(&pool->lock);
}

void pool_join(struct pool *pool)
{
    pool_close(pool);
    for (int i = 0; i < pool->workers; i++)
        thrd_join(pool->threads[i], NULL);
    mtx_destroy(&pool->lock);
    cnd_destroy(&pool->changed);
    free(pool->ring);
    free(pool);
}
