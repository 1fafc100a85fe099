/* A semaphore counts what there is to take: tasks, and at the end one "go home" for each thread. */
#include "thread_pool.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stdlib.h>

struct task {
    struct task *next;
    pool_task *function;
    void *argument;
};

struct pool {
    sem_t ready; /* tasks in the list, the farewells included */
    pthread_mutex_t lock;
    pthread_cond_t idle;
    struct task *first, *last;
    long open;
    bool closed;
    int workers;
    pthread_t threads[POOL_MAX_WORKERS];
};

static struct task *take(struct pool *pool)
{
    while (sem_wait(&pool->ready) == -1)
        ;
    pthread_mutex_lock(&pool->lock);
    struct task *task = pool->first;
    if (task != NULL) {
        pool->first = task->next;
        if (pool->first == NULL)
            pool->last = NULL;
    }
    pthread_mutex_unlock(&pool->lock);
    return task;
}

static void *serve(void *argument)
{
    struct pool *pool = argument;

    for (struct task *task; (task = take(pool)) != NULL; free(task)) {
        task->function(task->argument);
        pthread_mutex_lock(&pool->lock);
        if (--pool->open == 0)
            pthread_cond_broadcast(&pool->idle);
        pthread_mutex_unlock(&pool->lock);
    }
    return NULL;
}

struct pool *pool_open(int workers)
{
    if (workers < 1 || workers > POOL_MAX_WORKERS) {
        errno = EINVAL;
        return NULL;
    }
    struct pool *pool = calloc(1, sizeof *pool);

    if (pool == NULL)
        return NULL;
    sem_init(&pool->ready, 0, 0);
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->idle, NULL);
    for (; pool->workers < workers; pool->workers++) {
        int error = pthread_create(&pool->threads[pool->workers], NULL, serve, pool);

        if (error != 0) {
            pool_join(pool);
            errno = error;
            return NULL;
        }
    }
    return pool;
}

int pool_submit(struct pool *pool, pool_task *function, void *argument)
{
    struct task *task = malloc(sizeof *task);
    bool closed;

    if (task == NULL)
        return -1;
    task->next = NULL;
    task->function = function;
    task->argument = argument;
    pthread_mutex_lock(&pool->lock);
    closed = pool->closed;
    if (!closed) {
        if (pool->last != NULL)
            pool->last->next = task;
        else
            pool->first = task;
        pool->last = task;
        pool->open++;
        sem_post(&pool->ready);
    }
    pthread_mutex_unlock(&pool->lock);
    if (closed) {
        free(task);
        errno = ESHUTDOWN;
    }
    return closed ? -1 : 0;
}

void pool_wait(struct pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    while (pool->open != 0)
        pthread_cond_wait(&pool->idle, &pool->lock);
    pthread_mutex_unlock(&pool->lock);
}

void pool_close(struct pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    if (!pool->closed)
        for (int i = 0; i < pool->workers; i++)
            sem_post(&pool->ready);
    pool->closed = true;
    pthread_mutex_unlock(&pool->lock);
}

void pool_join(struct pool *pool)
{
    pool_close(pool);
    for (int i = 0; i < pool->workers; i++)
        pthread_join(pool->threads[i], NULL);
    pthread_cond_destroy(&pool->idle);
    pthread_mutex_destroy(&pool->lock);
    sem_destroy(&pool->ready);
    free(pool);
}
