/* Items, results and errors lie in memory that all processes share; workers serve themselves from
 * an atomic counter. Pipes carry single bytes: "go", and "I am through". */
#include "pool_map.h"

#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* What a worker has in hand: it survives the worker. */
struct seat {
    _Atomic size_t at;
    _Atomic size_t end;
};

struct board {
    size_t count, item_size, result_size, chunk, bytes;
    _Atomic size_t next;
    struct seat seats[POOL_MAX_WORKERS];
};

struct worker {
    pid_t pid;
    int go;   /* we write */
    int life; /* we read */
    bool busy;
};

struct pool {
    pool_function *function;
    void *context;
    struct board *board;
    int memory; /* a file without a name: grows with what a map needs */
    int workers;
    bool closed;
    struct worker worker[POOL_MAX_WORKERS];
};

/* The parts of the shared memory, each aligned for anything. */
static size_t rounded(size_t n)
{
    return (n + 63) / 64 * 64;
}

static size_t results_at(const struct board *b)
{
    return rounded(b->count * b->item_size);
}

static size_t errors_at(const struct board *b)
{
    return results_at(b) + rounded(b->count * b->result_size);
}

static void take_part(const struct pool *pool, struct seat *seat)
{
    struct board *b = pool->board;
    char *memory = mmap(NULL, b->bytes, PROT_READ | PROT_WRITE, MAP_SHARED, pool->memory, 0);

    if (memory == MAP_FAILED)
        _exit(1);
    int *errors = (int *)(void *)(memory + errors_at(b));
    for (;;) {
        for (; seat->at < seat->end; seat->at++)
            errors[seat->at] = pool->function(memory + seat->at * b->item_size,
                memory + results_at(b) + seat->at * b->result_size, pool->context);
        size_t first = atomic_fetch_add(&b->next, b->chunk);
        if (first >= b->count)
            break;
        seat->at = first;
        seat->end = b->count - first < b->chunk ? b->count : first + b->chunk;
    }
    munmap(memory, b->bytes);
}

static int start(struct pool *pool, struct worker *w)
{
    int go[2], life[2];

    if (pipe(go) == -1)
        return errno;
    if (pipe(life) == -1) {
        int error = errno;
        close(go[0]);
        close(go[1]);
        return error;
    }
    w->pid = fork();
    if (w->pid == 0) {
        char byte;

        for (int i = 0; i < pool->workers; i++)
            if (&pool->worker[i] != w) {
                close(pool->worker[i].go);
                close(pool->worker[i].life);
            }
        close(go[1]);
        close(life[0]);
        while (read(go[0], &byte, 1) == 1) {
            take_part(pool, &pool->board->seats[w - pool->worker]);
            if (write(life[1], &byte, 1) != 1)
                _exit(1);
        }
        _exit(0);
    }
    close(go[0]);
    close(life[1]);
    w->go = go[1];
    w->life = life[0];
    if (w->pid == -1) {
        int error = errno;
        close(w->go);
        close(w->life);
        return error;
    }
    return 0;
}

struct pool *pool_open(int workers, pool_function *function, void *context)
{
    struct pool *pool = NULL;
    int error = 0;

    if (workers < 1 || workers > POOL_MAX_WORKERS)
        errno = EINVAL;
    else
        pool = calloc(1, sizeof *pool);
    if (pool == NULL)
        return NULL;
    pool->function = function;
    pool->context = context;
    pool->memory = memfd_create("pool", 0);
    if (pool->memory == -1) {
        error = errno;
        free(pool);
        errno = error;
        return NULL;
    }
    pool->board = mmap(
        NULL, sizeof *pool->board, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    while (error == 0 && pool->workers < workers)
        if ((error = start(pool, &pool->worker[pool->workers])) == 0)
            pool->workers++;
    if (error == 0)
        return pool;
    pool_join(pool);
    errno = error;
    return NULL;
}

static void send_go(struct worker *w)
{
    w->busy = write(w->go, "g", 1) == 1;
}

/* The life pipe has ended: the item in hand is lost, the seat goes to a new worker. */
static int bury(struct pool *pool, struct worker *w, int *errors)
{
    struct seat *seat = &pool->board->seats[w - pool->worker];

    close(w->go);
    close(w->life);
    waitpid(w->pid, NULL, 0);
    if (seat->at < seat->end)
        errors[seat->at++] = POOL_CRASHED;
    int error = start(pool, w);
    if (error == 0)
        send_go(w);
    return error;
}

static int gather(struct pool *pool, int *errors)
{
    int error = 0, busy = pool->workers;

    while (busy > 0 && error == 0) {
        struct pollfd polls[POOL_MAX_WORKERS];
        char byte;

        for (int i = 0; i < pool->workers; i++)
            polls[i] = (struct pollfd){pool->worker[i].busy ? pool->worker[i].life : -1, POLLIN, 0};
        poll(polls, (nfds_t)pool->workers, -1);
        for (int i = 0; i < pool->workers && error == 0; i++) {
            if (polls[i].revents == 0)
                continue;
            if (read(pool->worker[i].life, &byte, 1) == 1) {
                pool->worker[i].busy = false;
                busy--;
            } else {
                error = bury(pool, &pool->worker[i], errors);
            }
        }
    }
    return error;
}

long pool_map(struct pool *pool, const void *items, size_t count, size_t item_size, void *results,
    size_t result_size, size_t chunk, int *errors)
{
    struct board *b = pool->board;
    long failed = 0;

    if (pool->closed) {
        errno = ESHUTDOWN;
        return -1;
    }
    if (count == 0)
        return 0;
    b->count = count;
    b->item_size = item_size;
    b->result_size = result_size;
    b->chunk = chunk > 0 ? chunk : count / (8 * (size_t)pool->workers) + 1;
    if (chunk == 0 && count <= 8 * (size_t)pool->workers)
        b->chunk = 1;
    b->bytes = errors_at(b) + count * sizeof(int);
    b->next = 0;
    char *memory = ftruncate(pool->memory, (off_t)b->bytes) == -1
                       ? MAP_FAILED
                       : mmap(NULL, b->bytes, PROT_READ | PROT_WRITE, MAP_SHARED, pool->memory, 0);
    if (memory == MAP_FAILED)
        return -1;
    int *found = (int *)(void *)(memory + errors_at(b));
    memcpy(memory, items, count * item_size);
    for (int i = 0; i < pool->workers; i++) {
        b->seats[i].at = b->seats[i].end = 0;
        send_go(&pool->worker[i]);
    }
    int error = gather(pool, found);
    for (size_t i = 0; i < count && error == 0; i++) {
        if (errors != NULL)
            errors[i] = found[i];
        if (found[i] != 0)
            failed++;
        else
            memcpy((char *)results + i * result_size, memory + results_at(b) + i * result_size,
                result_size);
    }
    munmap(memory, b->bytes);
    if (error != 0) {
        errno = error;
        return -1;
    }
    return failed;
}

void pool_close(struct pool *pool)
{
    if (!pool->closed)
        for (int i = 0; i < pool->workers; i++)
            close(pool->worker[i].go);
    pool->closed = true;
}

void pool_join(struct pool *pool)
{
    pool_close(pool);
    for (int i = 0; i < pool->workers; i++) {
        waitpid(pool->worker[i].pid, NULL, 0);
        close(pool->worker[i].life);
    }
    munmap(pool->board, sizeof *pool->board);
    close(pool->memory);
    free(pool);
}
