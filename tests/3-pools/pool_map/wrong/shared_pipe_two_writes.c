// expect: any_schedule@explore CRASH
// why: all workers write to one pipe, index and result apart: what was written by two workers is
// read as one, and an index made of halves points anywhere.
#include "pool_map.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct header {
    size_t first;
    size_t count;
    size_t item_size;
    size_t result_size;
};

struct worker {
    pid_t pid;
    int to;
    size_t first;
    size_t count;
};

struct pool {
    pool_function *function;
    void *context;
    bool closed;
    int workers;
    int results[2];
    struct worker worker[POOL_MAX_WORKERS];
};

static bool read_all(int fd, void *bytes, size_t length)
{
    char *at = bytes;

    while (length > 0) {
        ssize_t n = read(fd, at, length);

        if (n <= 0)
            return false;
        at += n;
        length -= (size_t)n;
    }
    return true;
}

static bool write_all(int fd, const void *bytes, size_t length)
{
    const char *at = bytes;

    while (length > 0) {
        ssize_t n = write(fd, at, length);

        if (n <= 0)
            return false;
        at += n;
        length -= (size_t)n;
    }
    return true;
}

static _Noreturn void serve(const struct pool *pool, int in, int out)
{
    struct header h;

    while (read_all(in, &h, sizeof h)) {
        char *items = malloc(h.count * h.item_size);
        char *result = malloc(h.result_size);

        if (items == NULL || result == NULL || !read_all(in, items, h.count * h.item_size))
            _exit(1);
        for (size_t i = 0; i < h.count; i++) {
            int error = pool->function(items + i * h.item_size, result, pool->context);

            size_t index = h.first + i;

            write_all(out, &index, sizeof index);
            write_all(out, &error, sizeof error);
            if (error == 0)
                write_all(out, result, h.result_size);
        }
        free(items);
        free(result);
    }
    _exit(0);
}

static int worker_start(struct pool *pool, struct worker *w)
{
    int in[2], error = 0;

    if (pipe(in) == -1)
        return errno;
    w->pid = fork();
    if (w->pid == 0) {
        for (int i = 0; i < pool->workers; i++) {
            if (&pool->worker[i] == w)
                continue;
            close(pool->worker[i].to);
        }
        close(in[1]);
        close(pool->results[0]);
        serve(pool, in[0], pool->results[1]);
    }
    if (w->pid == -1) {
        error = errno;
        close(in[1]);
    }
    close(in[0]);
    w->to = in[1];
    w->count = 0;
    return error;
}

struct pool *pool_open(int workers, pool_function *function, void *context)
{
    if (workers < 1 || workers > POOL_MAX_WORKERS) {
        errno = EINVAL;
        return NULL;
    }
    struct pool *pool = calloc(1, sizeof *pool);

    if (pool == NULL)
        return NULL;
    if (pipe(pool->results) == -1) {
        free(pool);
        return NULL;
    }
    pool->function = function;
    pool->context = context;
    for (; pool->workers < workers; pool->workers++) {
        int error = worker_start(pool, &pool->worker[pool->workers]);

        if (error != 0) {
            pool_join(pool);
            errno = error;
            return NULL;
        }
    }
    return pool;
}

struct map {
    const char *items;
    size_t item_size;
    char *results;
    size_t result_size;
    int *errors;
    size_t open;
    long failed;
};

static void send_chunk(const struct map *map, struct worker *w, size_t first, size_t count)
{
    struct header h = {first, count, map->item_size, map->result_size};

    w->first = first;
    w->count = count;
    if (count > 0) {
        write_all(w->to, &h, sizeof h);
        write_all(w->to, map->items + first * map->item_size, count * map->item_size);
    }
}

static int receive(struct pool *pool, struct map *map)
{
    size_t index;
    int error;

    if (!read_all(pool->results[0], &index, sizeof index) ||
        !read_all(pool->results[0], &error, sizeof error))
        return EPIPE;
    if (error == 0)
        read_all(pool->results[0], map->results + index * map->result_size, map->result_size);
    else
        map->failed++;
    if (map->errors != NULL)
        map->errors[index] = error;
    for (int i = 0; i < pool->workers; i++) {
        struct worker *w = &pool->worker[i];

        if (w->first <= index && index < w->first + w->count) {
            w->count -= index + 1 - w->first;
            w->first = index + 1;
        }
    }
    map->open--;
    return 0;
}

long pool_map(struct pool *pool, const void *items, size_t count, size_t item_size, void *results,
    size_t result_size, size_t chunk, int *errors)
{
    struct map map = {items, item_size, results, result_size, errors, count, 0};
    size_t next = 0;
    int error = pool->closed ? ESHUTDOWN : 0;

    if (chunk == 0)
        chunk = count < 8 * (size_t)pool->workers ? 1 : count / (4 * (size_t)pool->workers);
    while (map.open > 0 && error == 0) {
        for (int i = 0; i < pool->workers; i++) {
            struct worker *w = &pool->worker[i];

            if (w->count == 0 && next < count) {
                size_t part = count - next < chunk ? count - next : chunk;

                send_chunk(&map, w, next, part);
                next += part;
            }
        }
        error = receive(pool, &map);
    }
    if (error != 0) {
        errno = error;
        return -1;
    }
    return map.failed;
}

void pool_close(struct pool *pool)
{
    for (int i = 0; i < pool->workers && !pool->closed; i++) {
        close(pool->worker[i].to);
        pool->worker[i].to = -1;
    }
    pool->closed = true;
}

void pool_join(struct pool *pool)
{
    pool_close(pool);
    for (int i = 0; i < pool->workers; i++) {
        waitpid(pool->worker[i].pid, NULL, 0);
    }
    close(pool->results[0]);
    close(pool->results[1]);
    free(pool);
}
