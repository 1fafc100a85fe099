// expect: tasks_in_order@plain WRONG
// why: every task gets a thread of its own: no pool, no order, and no bound on the threads.
#include "thread_pool.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

struct job {
    struct job *next;
    pthread_t thread;
    pool_task *function;
    void *argument;
};

struct pool {
    pthread_mutex_t lock;
    struct job *jobs;
    bool closed;
};

static void *run(void *argument)
{
    struct job *job = argument;

    job->function(job->argument);
    return NULL;
}

struct pool *pool_open(int workers)
{
    if (workers < 1 || workers > POOL_MAX_WORKERS) {
        errno = EINVAL;
        return NULL;
    }
    struct pool *pool = calloc(1, sizeof *pool);

    if (pool != NULL)
        pthread_mutex_init(&pool->lock, NULL);
    return pool;
}

int pool_submit(struct pool *pool, pool_task *function, void *argument)
{
    struct job *job = malloc(sizeof *job);
    int error;

    if (job == NULL)
        return -1;
    job->function = function;
    job->argument = argument;
    pthread_mutex_lock(&pool->lock);
    error = pool->closed ? ESHUTDOWN : pthread_create(&job->thread, NULL, run, job);
    if (error == 0) {
        job->next = pool->jobs;
        pool->jobs = job;
    }
    pthread_mutex_unlock(&pool->lock);
    if (error == 0)
        return 0;
    free(job);
    errno = error;
    return -1;
}

void pool_wait(struct pool *pool)
{
    struct job *job;

    pthread_mutex_lock(&pool->lock);
    while ((job = pool->jobs) != NULL) {
        pool->jobs = job->next;
        pthread_mutex_unlock(&pool->lock);
        pthread_join(job->thread, NULL);
        free(job);
        pthread_mutex_lock(&pool->lock);
    }
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
    pool_wait(pool);
    pthread_mutex_destroy(&pool->lock);
    free(pool);
}
