/* The caller has a thread for each worker process, which talks to that worker alone and waits for
 * it in plain read(): no poll. A socket pair instead of two pipes. */
#include "pool_map.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

struct job {
    size_t first, count, item_size, result_size;
};

struct worker {
    struct pool *pool;
    pthread_t thread;
    pid_t pid;
    int line; /* -1: none */
};

struct pool {
    pool_function *function;
    void *context;
    int workers;
    bool closed;
    struct worker worker[POOL_MAX_WORKERS];

    /* Of the map that is under way; protected by `lock`, and so is every fork. */
    pthread_mutex_t lock;
    const char *items;
    char *results;
    int *errors;
    size_t count, item_size, result_size, chunk, next;
    long failed;
    int error;
};

static bool all(ssize_t (*move)(int, void *, size_t), int fd, void *bytes, size_t length)
{
    for (char *at = bytes; length > 0;) {
        ssize_t n = move(fd, at, length);

        if (n <= 0)
            return false;
        at += n;
        length -= (size_t)n;
    }
    return true;
}

static ssize_t move_out(int fd, void *bytes, size_t length)
{
    return write(fd, bytes, length);
}

static ssize_t move_in(int fd, void *bytes, size_t length)
{
    return read(fd, bytes, length);
}

static _Noreturn void serve(const struct pool *pool, int line)
{
    struct job job;
    char *items = NULL, *result = NULL;

    while (all(move_in, line, &job, sizeof job)) {
        items = realloc(items, job.count * job.item_size);
        result = realloc(result, job.result_size);
        if (items == NULL || result == NULL)
            _exit(1);
        if (!all(move_in, line, items, job.count * job.item_size))
            _exit(1);
        for (size_t i = 0; i < job.count; i++) {
            int error = pool->function(items + i * job.item_size, result, pool->context);

            if (!all(move_out, line, &error, sizeof error) ||
                (error == 0 && !all(move_out, line, result, job.result_size)))
                _exit(1);
        }
    }
    _exit(0);
}

static int start(struct worker *w)
{
    struct pool *pool = w->pool;
    int ends[2];

    w->line = -1;
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == -1)
        return errno;
    w->pid = fork();
    if (w->pid == 0) {
        close(ends[0]);
        for (int i = 0; i < POOL_MAX_WORKERS; i++)
            if (pool->worker[i].line != -1)
                close(pool->worker[i].line);
        serve(pool, ends[1]);
    }
    int error = w->pid == -1 ? errno : 0;
    close(ends[1]);
    if (error != 0)
        close(ends[0]);
    else
        w->line = ends[0];
    return error;
}

static void stop(struct worker *w)
{
    if (w->line == -1)
        return;
    close(w->line);
    w->line = -1;
    waitpid(w->pid, NULL, 0);
}

static bool next_job(struct pool *pool, struct job *job)
{
    pthread_mutex_lock(&pool->lock);
    size_t left = pool->count - pool->next;
    job->first = pool->next;
    job->count = left < pool->chunk ? left : pool->chunk;
    job->item_size = pool->item_size;
    job->result_size = pool->result_size;
    pool->next += job->count;
    pthread_mutex_unlock(&pool->lock);
    return job->count > 0;
}

static void note(struct pool *pool, size_t index, int error)
{
    pthread_mutex_lock(&pool->lock);
    if (pool->errors != NULL)
        pool->errors[index] = error;
    if (error != 0)
        pool->failed++;
    pthread_mutex_unlock(&pool->lock);
}

static bool renew(struct worker *w)
{
    pthread_mutex_lock(&w->pool->lock);
    stop(w);
    int error = start(w);
    if (error != 0)
        w->pool->error = error;
    pthread_mutex_unlock(&w->pool->lock);
    return error == 0;
}

static bool do_job(struct worker *w, struct job job)
{
    struct pool *pool = w->pool;

    while (job.count > 0) {
        all(move_out, w->line, &job, sizeof job);
        all(move_out, w->line, (char *)pool->items + job.first * job.item_size,
            job.count * job.item_size);
        int error = 0;
        while (job.count > 0 && error != POOL_CRASHED) {
            if (!all(move_in, w->line, &error, sizeof error) ||
                (error == 0 && !all(move_in, w->line, pool->results + job.first * job.result_size,
                                   job.result_size)))
                error = POOL_CRASHED;
            note(pool, job.first++, error);
            job.count--;
        }
        if (error == POOL_CRASHED && !renew(w))
            return false;
    }
    return true;
}

static void *talk(void *argument)
{
    struct worker *w = argument;
    struct job job;

    while (w->line != -1 && next_job(w->pool, &job) && do_job(w, job))
        ;
    return NULL;
}

struct pool *pool_open(int workers, pool_function *function, void *context)
{
    if (workers < 1 || workers > POOL_MAX_WORKERS) {
        errno = EINVAL;
        return NULL;
    }
    struct pool *pool = calloc(1, sizeof *pool);
    int error = 0;

    if (pool == NULL)
        return NULL;
    pool->function = function;
    pool->context = context;
    pthread_mutex_init(&pool->lock, NULL);
    for (int i = 0; i < POOL_MAX_WORKERS; i++)
        pool->worker[i].line = -1;
    for (; pool->workers < workers && error == 0; pool->workers++) {
        pool->worker[pool->workers].pool = pool;
        error = start(&pool->worker[pool->workers]);
    }
    if (error == 0)
        return pool;
    pool_join(pool);
    errno = error;
    return NULL;
}

long pool_map(struct pool *pool, const void *items, size_t count, size_t item_size, void *results,
    size_t result_size, size_t chunk, int *errors)
{
    size_t few = count / (4 * (size_t)pool->workers);
    int threads = 0;

    if (pool->closed) {
        errno = ESHUTDOWN;
        return -1;
    }
    pool->items = items;
    pool->results = results;
    pool->errors = errors;
    pool->count = count;
    pool->item_size = item_size;
    pool->result_size = result_size;
    pool->chunk = chunk > 0 ? chunk : few > 0 ? few : 1;
    pool->next = 0;
    pool->failed = 0;
    for (; threads < pool->workers && pool->error == 0; threads++)
        pool->error = pthread_create(
            &pool->worker[threads].thread, NULL, talk, &pool->worker[threads]);
    while (threads-- > 0)
        pthread_join(pool->worker[threads].thread, NULL);
    if (pool->error != 0) {
        errno = pool->error;
        return -1;
    }
    return pool->failed;
}

void pool_close(struct pool *pool)
{
    pool->closed = true;
}

void pool_join(struct pool *pool)
{
    for (int i = 0; i < pool->workers; i++)
        stop(&pool->worker[i]);
    pthread_mutex_destroy(&pool->lock);
    free(pool);
}
