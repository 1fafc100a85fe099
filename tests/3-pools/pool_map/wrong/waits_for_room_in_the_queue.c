// expect: large_results@plain DEADLOCK
// why: a pipe of 64 KiB is taken to have room for 64 KiB, but a page that is being read counts as
// full.
#include "pool_map.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct ticket {
    size_t first;
    size_t count;
    size_t item_size;
    size_t result_size;
    unsigned char items[512 - 4 * sizeof(size_t)];
};

struct record {
    enum { TAKEN, RESULT } kind;
    int error;
    size_t count;
    size_t index;
};

struct worker {
    pid_t pid;
    int records;
    int items;

    size_t first;
    size_t count;

    unsigned char *bytes;
    size_t filled;
};

struct map {
    const unsigned char *items;
    size_t count;
    size_t item_size;
    unsigned char *results;
    size_t result_size;
    size_t chunk;
    int *errors;

    size_t next;
    size_t queued;
    size_t open;
    long failed;
};

struct pool {
    pool_function *function;
    void *context;
    int queue[2];
    size_t queue_room;
    bool closed;
    struct sigaction on_pipe;
    int workers;
    struct worker worker[POOL_MAX_WORKERS];
};

static bool write_all(int fd, const void *bytes, size_t length)
{
    for (const unsigned char *at = bytes; length > 0;) {
        ssize_t n = write(fd, at, length);

        if (n < 0 && errno != EINTR)
            return false;
        if (n > 0) {
            at += n;
            length -= (size_t)n;
        }
    }
    return true;
}

static bool read_all(int fd, void *bytes, size_t length)
{
    for (unsigned char *at = bytes; length > 0;) {
        ssize_t n = read(fd, at, length);

        if (n == 0 || (n < 0 && errno != EINTR))
            return false;
        if (n > 0) {
            at += n;
            length -= (size_t)n;
        }
    }
    return true;
}

struct desk {
    const struct pool *pool;
    int items;
    int records;
    unsigned char *chunk;
    size_t chunk_room;
    struct record *record;
    size_t record_room;
};

static void *grow(void *block, size_t *room, size_t wanted)
{
    if (wanted > *room) {
        block = realloc(block, wanted);
        if (block == NULL)
            _exit(1);
        *room = wanted;
    }
    return block;
}

static void say(const struct desk *desk, struct record record, size_t result_size)
{
    *desk->record = record;
    if (!write_all(desk->records, desk->record, sizeof record + result_size))
        _exit(1);
}

static void work(struct desk *desk, const unsigned char *items, const struct ticket *t)
{
    desk->record = grow(desk->record, &desk->record_room, sizeof *desk->record + t->result_size);
    for (size_t i = 0; i < t->count; i++) {
        void *result = desk->record + 1;
        int error = desk->pool->function(items + i * t->item_size, result, desk->pool->context);
        struct record record = {.kind = RESULT, .error = error, .index = t->first + i};

        say(desk, record, error == 0 ? t->result_size : 0);
    }
}

static void take_ticket(struct desk *desk, const struct ticket *t)
{
    size_t length = t->count * t->item_size;
    const unsigned char *items = t->items;

    desk->record = grow(desk->record, &desk->record_room, sizeof *desk->record);
    say(desk, (struct record){.kind = TAKEN, .index = t->first, .count = t->count}, 0);
    desk->chunk = grow(desk->chunk, &desk->chunk_room, length);
    if (length <= sizeof t->items)
        memcpy(desk->chunk, items, length);
    else if (!read_all(desk->items, desk->chunk, length))
        _exit(1);
    work(desk, desk->chunk, t);
}

static _Noreturn void worker_run(const struct pool *pool, int items, int records,
    const struct map *map, const struct ticket *rest)
{
    struct desk desk = {.pool = pool, .items = items, .records = records};
    struct ticket ticket;

    if (rest->count > 0)
        work(&desk, map->items + rest->first * map->item_size, rest);
    while (read_all(pool->queue[0], &ticket, sizeof ticket) && ticket.count > 0)
        take_ticket(&desk, &ticket);
    _exit(0);
}

static void close_callers_ends(const struct pool *pool)
{
    close(pool->queue[1]);
    for (int i = 0; i < pool->workers; i++) {
        if (pool->worker[i].pid == 0)
            continue;
        close(pool->worker[i].records);
        close(pool->worker[i].items);
    }
}

static int worker_start(
    struct pool *pool, struct worker *w, const struct map *map, const struct ticket *rest)
{
    int items[2], records[2], error = 0;

    if (pipe(items) == -1)
        return errno;
    if (pipe(records) == -1) {
        error = errno;
        close(items[0]);
        close(items[1]);
        return error;
    }
    pid_t pid = fork();
    if (pid == 0) {
        if (map != NULL)
            sigaction(SIGPIPE, &pool->on_pipe, NULL);
        close_callers_ends(pool);
        close(items[1]);
        close(records[0]);
        worker_run(pool, items[0], records[1], map, rest);
    }
    if (pid == -1)
        error = errno;
    close(items[0]);
    close(records[1]);
    if (error != 0) {
        close(items[1]);
        close(records[0]);
        return error;
    }
    w->pid = pid;
    w->items = items[1];
    w->records = records[0];
    w->first = rest->first;
    w->count = rest->count;
    w->filled = 0;
    return 0;
}

static void worker_end(struct worker *w)
{
    if (w->pid == 0)
        return;
    close(w->records);
    close(w->items);
    w->records = w->items = -1;
    while (waitpid(w->pid, NULL, 0) == -1 && errno == EINTR)
        ;
    w->pid = 0;
}

static size_t queue_room(int queue)
{
    int bytes = fcntl(queue, F_GETPIPE_SZ);
    size_t in_all = bytes > 0 ? (size_t)bytes / sizeof(struct ticket) : 0;

    return in_all;
}

static struct pool *pool_new(pool_function *function, void *context)
{
    struct pool *pool = calloc(1, sizeof *pool);

    if (pool == NULL)
        return NULL;
    if (pipe(pool->queue) == -1) {
        free(pool);
        return NULL;
    }
    pool->function = function;
    pool->context = context;
    pool->queue_room = queue_room(pool->queue[0]);
    return pool;
}

struct pool *pool_open(int workers, pool_function *function, void *context)
{
    static const struct ticket nothing;

    if (workers < 1 || workers > POOL_MAX_WORKERS) {
        errno = EINVAL;
        return NULL;
    }
    struct pool *pool = pool_new(function, context);
    int error = 0;

    while (pool != NULL && pool->workers < workers && error == 0) {
        error = worker_start(pool, &pool->worker[pool->workers], NULL, &nothing);
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

static void hand_out(struct pool *pool, struct map *map)
{
    struct ticket t = {.item_size = map->item_size, .result_size = map->result_size};

    while (map->queued < pool->queue_room && map->next < map->count) {
        size_t left = map->count - map->next;

        t.first = map->next;
        t.count = left < map->chunk ? left : map->chunk;
        if (t.count * t.item_size <= sizeof t.items)
            memcpy(t.items, map->items + t.first * t.item_size, t.count * t.item_size);
        write_all(pool->queue[1], &t, sizeof t);
        map->queued++;
        map->next += t.count;
    }
}

static void taken(struct map *map, struct worker *w, const struct record *r)
{
    size_t length = r->count * map->item_size;

    map->queued--;
    w->first = r->index;
    w->count = r->count;
    if (length > sizeof((struct ticket *)NULL)->items)
        write_all(w->items, map->items + r->index * map->item_size, length);
}

static void item_over(struct map *map, struct worker *w, int error, const unsigned char *result)
{
    size_t index = w->first++;

    w->count--;
    map->open--;
    if (error == 0)
        memcpy(map->results + index * map->result_size, result, map->result_size);
    else
        map->failed++;
    if (map->errors != NULL)
        map->errors[index] = error;
}

static size_t take_record(
    struct map *map, struct worker *w, const unsigned char *bytes, size_t length)
{
    struct record r;

    if (length < sizeof r)
        return 0;
    memcpy(&r, bytes, sizeof r);
    if (r.kind == TAKEN) {
        taken(map, w, &r);
        return sizeof r;
    }
    size_t whole = sizeof r + (r.error == 0 ? map->result_size : 0);
    if (length < whole)
        return 0;
    item_over(map, w, r.error, bytes + sizeof r);
    return whole;
}

static int worker_lost(struct pool *pool, struct map *map, struct worker *w)
{
    struct ticket rest = {.item_size = map->item_size, .result_size = map->result_size};

    worker_end(w);
    if (w->count > 0)
        item_over(map, w, POOL_CRASHED, NULL);
    rest.first = w->first;
    rest.count = w->count;
    return worker_start(pool, w, map, &rest);
}

static size_t buffer_size(const struct map *map)
{
    size_t record = sizeof(struct record) + map->result_size;

    return record < PIPE_BUF ? PIPE_BUF : record;
}

static int receive(struct pool *pool, struct map *map, struct worker *w)
{
    ssize_t n = read(w->records, w->bytes + w->filled, buffer_size(map) - w->filled);
    size_t at = 0, length;

    if (n < 0 && errno == EINTR)
        return 0;
    if (n <= 0)
        return worker_lost(pool, map, w);
    w->filled += (size_t)n;
    while ((length = take_record(map, w, w->bytes + at, w->filled - at)) > 0)
        at += length;
    w->filled -= at;
    memmove(w->bytes, w->bytes + at, w->filled);
    return 0;
}

static int map_run(struct pool *pool, struct map *map)
{
    struct pollfd polls[POOL_MAX_WORKERS];
    int error = 0;

    while (map->open > 0 && error == 0) {
        hand_out(pool, map);
        for (int i = 0; i < pool->workers; i++)
            polls[i] = (struct pollfd){.fd = pool->worker[i].records, .events = POLLIN};
        if (poll(polls, (nfds_t)pool->workers, -1) == -1)
            error = errno == EINTR ? 0 : errno;
        else
            for (int i = 0; i < pool->workers && error == 0; i++)
                if (polls[i].revents != 0)
                    error = receive(pool, map, &pool->worker[i]);
    }
    return error;
}

static int make_room(struct pool *pool, const struct map *map)
{
    for (int i = 0; i < pool->workers; i++) {
        unsigned char *bytes = realloc(pool->worker[i].bytes, buffer_size(map));

        if (bytes == NULL)
            return ENOMEM;
        pool->worker[i].bytes = bytes;
    }
    return 0;
}

long pool_map(struct pool *pool, const void *items, size_t count, size_t item_size, void *results,
    size_t result_size, size_t chunk, int *errors)
{
    size_t even = count / (4 * (size_t)pool->workers);
    struct map map = {
        .items = items,
        .count = count,
        .item_size = item_size,
        .results = results,
        .result_size = result_size,
        .chunk = chunk > 0  ? chunk
                 : even > 0 ? even
                            : 1,
        .errors = errors,
        .open = count,
    };
    int error = pool->closed ? ESHUTDOWN : make_room(pool, &map);

    if (error == 0) {
        sigaction(SIGPIPE, &(struct sigaction){.sa_handler = SIG_IGN}, &pool->on_pipe);
        error = map_run(pool, &map);
        sigaction(SIGPIPE, &pool->on_pipe, NULL);
        if (error != 0) {
            fcntl(pool->queue[1], F_SETFL, O_NONBLOCK);
            pool_close(pool);
        }
    }
    if (error != 0) {
        errno = error;
        return -1;
    }
    return map.failed;
}

void pool_close(struct pool *pool)
{
    static const struct ticket farewell;

    for (int i = 0; i < pool->workers && !pool->closed; i++)
        write_all(pool->queue[1], &farewell, sizeof farewell);
    if (!pool->closed)
        close(pool->queue[1]);
    pool->closed = true;
}

void pool_join(struct pool *pool)
{
    pool_close(pool);
    for (int i = 0; i < pool->workers; i++) {
        worker_end(&pool->worker[i]);
        free(pool->worker[i].bytes);
    }
    close(pool->queue[0]);
    free(pool);
}
