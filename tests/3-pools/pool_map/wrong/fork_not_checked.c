// expect: failure_is_reported@plain CRASH
// why: a worker that could not be forked is not missed.
#include "pool_map.h"

#include <errno.h>
#include <poll.h>
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
    int from;
    size_t first;
    size_t count;
};

struct pool {
    pool_function *function;
    void *context;
    bool closed;
    int workers;
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
    int in[2], out[2], error = 0;

    if (pipe(in) == -1)
        return errno;
    if (pipe(out) == -1) {
        error = errno;
        close(in[0]);
        close(in[1]);
        return error;
    }
    w->pid = fork();
    if (w->pid == 0) {
        for (int i = 0; i < pool->workers; i++) {
            if (&pool->worker[i] == w)
                continue;
            close(pool->worker[i].to);
            close(pool->worker[i].from);
        }
        close(in[1]);
        close(out[0]);
        serve(pool, in[0], out[1]);
    }
    close(in[0]);
    close(out[1]);
    w->to = in[1];
    w->from = out[0];
    w->count = 0;
    return error;
}

static void worker_end(struct worker *w)
{
    close(w->to);
    close(w->from);
    waitpid(w->pid, NULL, 0);
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

static void item_over(struct map *map, struct worker *w, int error)
{
    if (map->errors != NULL)
        map->errors[w->first] = error;
    if (error != 0)
        map->failed++;
    w->first++;
    w->count--;
    map->open--;
}

static int receive(struct pool *pool, struct map *map, struct worker *w)
{
    int error;
    bool alive = read_all(w->from, &error, sizeof error);

    if (alive && error == 0)
        alive = read_all(w->from, map->results + w->first * map->result_size, map->result_size);
    if (alive) {
        item_over(map, w, error);
        return 0;
    }
    size_t first = w->first + 1, count = w->count - 1;

    item_over(map, w, POOL_CRASHED);
    worker_end(w);
    error = worker_start(pool, w);
    if (error == 0)
        send_chunk(map, w, first, count);
    return error;
}

long pool_map(struct pool *pool, const void *items, size_t count, size_t item_size, void *results,
    size_t result_size, size_t chunk, int *errors)
{
    struct map map = {items, item_size, results, result_size, errors, count, 0};
    struct pollfd polls[POOL_MAX_WORKERS];
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
            polls[i] = (struct pollfd){.fd = w->count > 0 ? w->from : -1, .events = POLLIN};
        }
        poll(polls, (nfds_t)pool->workers, -1);
        for (int i = 0; i < pool->workers && error == 0; i++)
            if (polls[i].revents != 0)
                error = receive(pool, &map, &pool->worker[i]);
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
        close(pool->worker[i].from);
        waitpid(pool->worker[i].pid, NULL, 0);
    }
    free(pool);
}
