/* SPDX-License-Identifier: MIT */
/* native side of the seam: threads, POSIX and C11. */
#include "probe/native.h"

#include <stdlib.h>

struct start {
    void *(*function)(void *);
    int (*c11_function)(void *);
    void *argument;
    int id;
};

/* Which row belongs to a pthread_t of this process. Entries are written by the creator before it
 * knows that the thread runs, and read by whoever joins. */
static struct {
    _Atomic int used;
    pthread_t thread;
} rows[BOARD_TASKS];

static void remember(int id, pthread_t thread)
{
    if (id < 0)
        return;
    rows[id].thread = thread;
    atomic_store(&rows[id].used, 1);
}

static int row_of(pthread_t thread)
{
    for (int id = 0; id < BOARD_TASKS; id++)
        if (atomic_load(&rows[id].used) && pthread_equal(rows[id].thread, thread))
            return id;
    return -1;
}

static void forget(int id)
{
    if (id < 0)
        return;
    atomic_store(&rows[id].used, 0);
    spy_task_forget(id);
}

/* Runs also when the thread ends by pthread_exit() or is cancelled. */
static void ended(void *unused)
{
    int id = spy_self;

    (void)unused;
    spy_thread_gone();
    spy_task_ended(id, id >= 0 && atomic_load(&board->tasks[id].is_detached));
}

static void *run_thread(void *argument)
{
    struct start start = *(struct start *)argument;
    void *result;

    free(argument);
    spy_task_adopt(start.id);
    pthread_cleanup_push(ended, NULL);
    if (start.function)
        result = start.function(start.argument);
    else
        result = (void *)(intptr_t)start.c11_function(start.argument);
    pthread_cleanup_pop(1);
    return result;
}

static bool is_detached(const pthread_attr_t *attributes)
{
    int state = PTHREAD_CREATE_JOINABLE;

    if (attributes)
        pthread_attr_getdetachstate(attributes, &state);
    return state == PTHREAD_CREATE_DETACHED;
}

static int create(pthread_t *ret, const pthread_attr_t *attributes, struct start start)
{
    struct start *boxed = malloc(sizeof(*boxed));
    int error;

    if (!boxed)
        return EAGAIN;
    start.id = spy_task_new(false);
    *boxed = start;
    if (start.id >= 0) {
        atomic_store(&board->tasks[start.id].pid, (int32_t)getpid());
        atomic_store(&board->tasks[start.id].is_detached, is_detached(attributes));
    }
    spy_thread_born();
    error = __real_pthread_create(ret, attributes, run_thread, boxed);
    if (error) {
        spy_thread_gone();
        spy_task_forget(start.id);
        free(boxed);
    } else {
        remember(start.id, *ret);
    }
    return error;
}

int __wrap_pthread_create(
    pthread_t *ret, const pthread_attr_t *attributes, void *(*function)(void *), void *argument)
{
    if (!board)
        return __real_pthread_create(ret, attributes, function, argument);
    if (!seam_may_create())
        return EAGAIN;
    return create(ret, attributes, (struct start){.function = function, .argument = argument});
}

static int joined(int error, int id)
{
    if (!error) {
        spy_count(SPY_THREADS_JOINED);
        forget(id);
    }
    return error;
}

int __wrap_pthread_join(pthread_t thread, void **ret)
{
    int id = row_of(thread);

    return joined(WAITING(TASK_IN_JOIN, id, __real_pthread_join(thread, ret)), id);
}

int __wrap_pthread_tryjoin_np(pthread_t thread, void **ret)
{
    return joined(__real_pthread_tryjoin_np(thread, ret), row_of(thread));
}

int __wrap_pthread_timedjoin_np(pthread_t thread, void **ret, const struct timespec *until)
{
    int id = row_of(thread);

    return joined(WAITING(TASK_IN_SLEEP, id, __real_pthread_timedjoin_np(thread, ret, until)), id);
}

int __wrap_pthread_detach(pthread_t thread)
{
    int id = row_of(thread);
    int error = __real_pthread_detach(thread);

    if (!error && id >= 0) {
        int32_t finished = TASK_ENDED;

        spy_count(SPY_THREADS_DETACHED);
        atomic_store(&rows[id].used, 0);
        atomic_store(&board->tasks[id].is_detached, 1);
        atomic_compare_exchange_strong(&board->tasks[id].state, &finished, TASK_FREE);
    }
    return error;
}

/* C11 threads are POSIX threads in glibc; going through the same door keeps one account. */
int __wrap_thrd_create(thrd_t *ret, thrd_start_t function, void *argument)
{
    int error;

    if (!board)
        return __real_thrd_create(ret, function, argument);
    if (!seam_may_create())
        return thrd_nomem;
    error = create(ret, NULL, (struct start){.c11_function = function, .argument = argument});
    return error == 0 ? thrd_success : error == EAGAIN ? thrd_nomem : thrd_error;
}

int __wrap_thrd_join(thrd_t thread, int *ret)
{
    void *result;

    if (__wrap_pthread_join(thread, &result))
        return thrd_error;
    if (ret)
        *ret = (int)(intptr_t)result;
    return thrd_success;
}

int __wrap_thrd_detach(thrd_t thread)
{
    return __wrap_pthread_detach(thread) ? thrd_error : thrd_success;
}
