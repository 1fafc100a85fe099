/* SPDX-License-Identifier: MIT */
#include "probe/spy.h"

#include "probe/seam.h"

#include <sys/syscall.h>
#include <unistd.h>

/* Current numbers live behind the public counts in the board's spy table. */
enum { NOW_THREADS = SPY_COUNT, NOW_CHILDREN, NOW_LOCKED, NOW_END };
_Static_assert((int)NOW_END <= (int)(sizeof(((struct board *)0)->spy) / sizeof(int64_t)),
    "the board's spy table is too small");

extern char __executable_start; /* the linker's: load address of the program */

_Thread_local int spy_self = -1;

static void raise_peak(enum spy_count peak, int64_t now)
{
    int64_t seen = atomic_load(&board->spy[peak]);

    while (seen < now && !atomic_compare_exchange_weak(&board->spy[peak], &seen, now))
        ;
}

static void one_more(int now_slot, enum spy_count peak)
{
    raise_peak(peak, atomic_fetch_add(&board->spy[now_slot], 1) + 1);
}

static void one_less(int now_slot)
{
    atomic_fetch_sub(&board->spy[now_slot], 1);
}

static struct board_task *row(int id)
{
    return id >= 0 && id < BOARD_TASKS ? &board->tasks[id] : NULL;
}

void spy_begin(void)
{
    spy_self = spy_task_new(true);
    spy_task_adopt(spy_self);
}

void spy_count(enum spy_count what)
{
    if (board)
        atomic_fetch_add(&board->spy[what], 1);
}

long spy(enum spy_count what)
{
    return (long)atomic_load(&board->spy[what]);
}

static void raise_row_count(uint32_t rows)
{
    uint32_t seen = atomic_load(&board->n_tasks);

    while (seen < rows && !atomic_compare_exchange_weak(&board->n_tasks, &seen, rows))
        ;
}

int spy_task_new(bool is_process)
{
    for (int id = 0; id < BOARD_TASKS; id++) {
        int32_t free_row = TASK_FREE;

        if (!atomic_compare_exchange_strong(&board->tasks[id].state, &free_row, TASK_RUNNING))
            continue;
        atomic_store(&board->tasks[id].is_process, is_process);
        atomic_store(&board->tasks[id].is_detached, 0);
        atomic_store(&board->tasks[id].pid, 0);
        atomic_store(&board->tasks[id].owner, -1);
        raise_row_count((uint32_t)id + 1);
        return id;
    }
    return -1;
}

void spy_task_adopt(int id)
{
    struct board_task *t = row(id);

    spy_self = id;
    if (!t)
        return;
    atomic_store(&t->pid, (int32_t)getpid());
    atomic_store(&t->tid, (int32_t)syscall(SYS_gettid));
}

void spy_task_ended(int id, bool forget)
{
    struct board_task *t = row(id);

    if (t)
        atomic_store(&t->state, forget ? TASK_FREE : TASK_ENDED);
}

void spy_task_forget(int id)
{
    spy_task_ended(id, true);
}

void spy_thread_born(void)
{
    spy_count(SPY_THREADS_CREATED);
    one_more(NOW_THREADS, SPY_THREADS_PEAK);
}

void spy_thread_gone(void)
{
    one_less(NOW_THREADS);
}

void spy_child_born(void)
{
    spy_count(SPY_FORKS);
    one_more(NOW_CHILDREN, SPY_CHILDREN_PEAK);
}

void spy_child_reaped(void)
{
    spy_count(SPY_REAPED);
    one_less(NOW_CHILDREN);
}

static struct board_lock *lock_row(const void *lock, bool make)
{
    uint64_t key = (uint64_t)(uintptr_t)lock;
    size_t start = (size_t)(key >> 3) * 11400714819323198485u % BOARD_LOCKS;

    for (size_t i = 0; i < BOARD_LOCKS; i++) {
        struct board_lock *l = &board->locks[(start + i) % BOARD_LOCKS];
        uint64_t seen = atomic_load(&l->address);

        if (seen == key)
            return l;
        if (seen == 0 && (!make || atomic_compare_exchange_strong(&l->address, &seen, key)))
            return make ? l : NULL;
        if (seen == key)
            return l;
    }
    return NULL;
}

void spy_locked(const void *lock)
{
    struct board_lock *l;

    if (!board)
        return;
    spy_count(SPY_MUTEX_LOCKS);
    one_more(NOW_LOCKED, SPY_MUTEX_PEAK);
    l = lock_row(lock, true);
    if (l)
        atomic_store(&l->owner, spy_self + 1);
}

void spy_unlocked(const void *lock)
{
    struct board_lock *l;

    if (!board)
        return;
    one_less(NOW_LOCKED);
    l = lock_row(lock, false);
    if (l)
        atomic_store(&l->owner, 0);
}

void spy_waits(enum task_state state, int64_t object, const void *call_site)
{
    struct board_task *t = board ? row(spy_self) : NULL;

    if (!t)
        return;
    atomic_store(&t->object, object);
    atomic_store(&t->call_site, (uint64_t)((const char *)call_site - &__executable_start));
    atomic_store(&t->state, state);
}

void spy_runs(void)
{
    struct board_task *t = board ? row(spy_self) : NULL;

    if (t)
        atomic_store(&t->state, TASK_RUNNING);
}
