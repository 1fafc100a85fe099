/* SPDX-License-Identifier: MIT */
/*
 * shared - meetings, sections and counters on the board: what a scenario uses to prove that tasks,
 * threads or forked processes, were at work at the same time.
 */
#include "base/fingerprint.h"
#include "probe/probe.h"
#include "probe/seam.h"

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { DESCRIPTORS = 1024 };

/* The slot whose first member holds the name's hash; taken when there is none. The tables are small
 * and a scenario uses a handful of names. */
static void *slot_by_name(void *table, size_t count, size_t size, const char *name)
{
    uint64_t key = fnv1a(name, strlen(name)) | 1;

    for (size_t i = 0; i < count; i++) {
        _Atomic uint64_t *hash = (void *)((char *)table + i * size);
        uint64_t seen = 0;

        if (atomic_compare_exchange_strong(hash, &seen, key) || seen == key)
            return hash;
    }
    abort(); /* a BUG of the scenario: too many names */
}

bool meet(const char *name, int parties)
{
    struct board_meeting *m = slot_by_name(board->meetings, BOARD_MEETINGS, sizeof(*m), name);

    atomic_store(&m->parties, (uint32_t)parties);
    atomic_fetch_add(&m->inside, 1);
    return seam_meet(m, (uint32_t)parties);
}

void inside_enter(const char *name)
{
    struct board_inside *s = slot_by_name(board->insides, BOARD_INSIDES, sizeof(*s), name);
    int64_t now = atomic_fetch_add(&s->now, 1) + 1;
    int64_t peak = atomic_load(&s->peak);

    while (peak < now && !atomic_compare_exchange_weak(&s->peak, &peak, now))
        ;
}

void inside_leave(const char *name)
{
    struct board_inside *s = slot_by_name(board->insides, BOARD_INSIDES, sizeof(*s), name);

    atomic_fetch_sub(&s->now, 1);
}

long inside_peak(const char *name)
{
    struct board_inside *s = slot_by_name(board->insides, BOARD_INSIDES, sizeof(*s), name);

    return (long)atomic_load(&s->peak);
}

long shared_add(unsigned slot, long delta)
{
    return (long)atomic_fetch_add(&board->shared[slot % BOARD_SHARED], delta);
}

long shared_get(unsigned slot)
{
    return (long)atomic_load(&board->shared[slot % BOARD_SHARED]);
}

void *shared_memory(size_t bytes)
{
    /* The raw call: the kit's own mapping is nothing that the spy or the explorer should see. */
    long p = syscall(
        SYS_mmap, NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0L);

    if (p == -1)
        abort();
    return (void *)p;
}

static size_t most_at_once;

void limit_transfers(size_t most)
{
    most_at_once = most;
}

size_t seam_transfer(size_t length, bool is_write)
{
    size_t most = most_at_once;

    if (is_write && most < PIPE_BUF)
        most = PIPE_BUF;
    return most_at_once == 0 || length < most ? length : most;
}

static _Atomic int creations_left = -1;

void limit_tasks(int most)
{
    atomic_store(&creations_left, most);
}

bool seam_may_create(void)
{
    int left = atomic_load(&creations_left);

    while (left > 0)
        if (atomic_compare_exchange_weak(&creations_left, &left, left - 1))
            return true;
    return left < 0;
}

long my_pid(void)
{
    return (long)getpid();
}

long my_tid(void)
{
    return (long)syscall(SYS_gettid);
}

long open_descriptors(void)
{
    long count = 0;

    for (int fd = 0; fd < DESCRIPTORS; fd++)
        if (syscall(SYS_fcntl, fd, F_GETFD) != -1)
            count++;
    return count;
}
