/* Submitting and taking have a lock each: a list with a dummy node, whose two ends meet only when
 * it is empty. The number of open tasks is atomic. */
#include "thread_pool.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

struct node {
    struct node *_Atomic next;
    pool_task *function;
    void *argument;
};

struct pool {
    pthread_mutex_t put; /* protects `last` and `closed` */
    struct node *last;
    bool closed;

    pthread_mutex_t take; /* protects `dummy`; `next` of the dummy is the first task */
    struct node *dummy;
    pthread_cond_t work; /* with `take` */
    bool over;           /* protected by `take` */

    pthread_mutex_t waiting;
    pthread_cond_t idle; /* with `waiting` */
    atomic_size_t open;

    int workers;
    pthread_t threads[POOL_MAX_WORKERS];
};

static bool next_task(struct pool *pool, struct node *ret_task)
{
    bool found = false;

    pthread_mutex_lock(&pool->take);
    while (atomic_load(&pool->dummy->next) == NULL && !pool->over)
        pthread_cond_wait(&pool->work, &pool->take);
    struct node *old = pool->dummy, *first = atomic_load(&old->next);
    if (first != NULL) {
        ret_task->function = first->function;
        ret_task->argument = first->argument;
        pool->dummy = first;
        free(old);
        found = true;
    }
    pthread_mutex_unlock(&pool->take);
    return found;
}

static void *serve(void *argument)
{
    struct pool *pool = argument;
    struct node task;

    while (next_task(pool, &task)) {
        task.function(task.argument);
        if (atomic_fetch_sub(&pool->open, 1) == 1) {
            pthread_mutex_lock(&pool->waiting);
            pthread_cond_broadcast(&pool->idle);
            pthread_mutex_unlock(&pool->waiting);
        }
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
    int error = 0;

    if (pool == NULL || (pool->dummy = calloc(1, sizeof *pool->dummy)) == NULL) {
        free(pool);
        errno = ENOMEM;
        return NULL;
    }
    pool->last = pool->dummy;
    pthread_mutex_init(&pool->put, NULL);
    pthread_mutex_init(&pool->take, NULL);
    pthread_mutex_init(&pool->waiting, NULL);
    pthread_cond_init(&pool->work, NULL);
    pthread_cond_init(&pool->idle, NULL);
    while (error == 0 && pool->workers < workers)
        if ((error = pthread_create(&pool->threads[pool->workers], NULL, serve, pool)) == 0)
            pool->workers++;
    if (error == 0)
        return pool;
    pool_join(pool);
    errno = error;
    return NULL;
}

int pool_submit(struct pool *pool, pool_task *function, void *argument)
{
    struct node *node = malloc(sizeof *node);

    if (node == NULL)
        return -1;
    node->function = function;
    node->argument = argument;
    atomic_init(&node->next, NULL);
    pthread_mutex_lock(&pool->put);
    if (pool->closed) {
        pthread_mutex_unlock(&pool->put);
        free(node);
        errno = ESHUTDOWN;
        return -1;
    }
    atomic_fetch_add(&pool->open, 1);
    atomic_store(&pool->last->next, node);
    pool->last = node;
    pthread_mutex_unlock(&pool->put);
    /* Under the takers' lock, so that it cannot fall between a thread's look and its wait. */
    pthread_mutex_lock(&pool->take);
    pthread_cond_signal(&pool->work);
    pthread_mutex_unlock(&pool->take);
    return 0;
}

void pool_wait(struct pool *pool)
{
    pthread_mutex_lock(&pool->waiting);
    while (atomic_load(&pool->open) != 0)
        pthread_cond_wait(&pool->idle, &pool->waiting);
    pthread_mutex_unlock(&pool->waiting);
}

void pool_close(struct pool *pool)
{
    pthread_mutex_lock(&pool->put);
    pool->closed = true;
    pthread_mutex_unlock(&pool->put);
    pthread_mutex_lock(&pool->take);
    pool->over = true;
    pthread_cond_broadcast(&pool->work);
    pthread_mutex_unlock(&pool->take);
}

void pool_join(struct pool *pool)
{
    pool_close(pool);
    for (int i = 0; i < pool->workers; i++)
        pthread_join(pool->threads[i], NULL);
    pthread_mutex_destroy(&pool->put);
    pthread_mutex_destroy(&pool->take);
    pthread_mutex_destroy(&pool->waiting);
    pthread_cond_destroy(&pool->work);
    pthread_cond_destroy(&pool->idle);
    free(pool->dummy);
    free(pool);
}
