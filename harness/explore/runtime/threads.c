/* SPDX-License-Identifier: MIT */
/*
 * threads - birth, end and joining of threads, POSIX and C11.
 *
 * A thread is a fibre, or a real one where a debugger looks on; either way on a stack of ours, so
 * that addresses repeat. It never ends: it leaves for good when its function has returned, and
 * joining it is a matter of the model. That keeps the C library from cleaning up behind our back,
 * at a time of its own.
 */
#include "explore/runtime/fibre.h"
#include "explore/runtime/spying.h"
#include "explore/runtime/world.h"
#include "explore/runtime/wrap.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <threads.h>

struct task *task_new(bool is_process)
{
    struct task *t;

    if (world->n_tasks == TRACE_TASKS)
        return NULL;
    t = &world->tasks[world->n_tasks];
    memset(t, 0, sizeof(*t));
    t->id = (int16_t)world->n_tasks++;
    t->is_process = is_process;
    t->state = TRACE_TASK_RUNNING;
    t->parent = me ? me->id : NO_TASK;
    t->process = me ? me->process : 0;
    t->starter = t->parent;
    t->deadline = NEVER;
    world->alive++;
    return t;
}

struct task *task_by_thread(pthread_t thread)
{
    for (uint32_t i = 0; i < world->n_tasks; i++) {
        struct task *t = &world->tasks[i];

        if (t->process == me->process && t->state < TRACE_TASK_JOINED &&
            pthread_equal(t->thread, thread))
            return t;
    }
    return NULL;
}

static struct trace_op op_end(void)
{
    struct trace_op op = op_make(OP_END, NULL);

    op.place[0] = (struct trace_place){
        .address = (uint64_t)me->id, .size = 1, .space = SPACE_TASK, .writes = 1};
    return op;
}

_Noreturn void thread_finish(void *result)
{
    struct trace_op op;

    keys_destroy();
    op = op_end();
    if (me->starter == NO_TASK)
        note(&op);
    else
        step(&op); /* did nothing that others see: still there are schedules without it */
    me->result = result;
    spin_changed(&op.place[0]);
    me->state = TRACE_TASK_ENDED;
    world->alive--;
    SPY(spy_thread_gone());
    SPY(spy_task_ended(me->spy, me->detached));
    leave();
}

static _Noreturn void run(struct task *t)
{
    void *result;

    me->stack_base = (uint64_t)(uintptr_t)__builtin_frame_address(0);
    SPY(spy_task_adopt(t->spy));
    if (t->is_c11)
        result = (void *)(intptr_t)((int (*)(void *))(uintptr_t)t->start)(t->argument);
    else
        result = t->start(t->argument);
    thread_finish(result);
}

static void run_fibre(void)
{
    me = &world->tasks[world->running];
    run(me);
}

static void *run_thread(void *task)
{
    me = task;
    baton_wait();
    run(me);
}

static struct trace_op op_task(enum trace_kind kind, const struct task *t, const void *pc)
{
    struct trace_op op = op_make(kind, pc);

    op.other = t->id;
    op.place[0] = (struct trace_place){
        .address = (uint64_t)t->id, .size = 1, .space = SPACE_TASK, .writes = kind == OP_CREATE};
    return op;
}

static int give_stack(struct task *t, const pthread_attr_t *wish)
{
    pthread_attr_t attributes;
    int error;

    if (!arena->real_threads)
        return fibre_start((unsigned)t->fibre, wish, run_fibre, &t->thread);
    attributes = fibre_attributes((unsigned)t->fibre, wish);
    error = __real_pthread_create(&t->thread, &attributes, run_thread, t);
    pthread_attr_destroy(&attributes);
    return error;
}

static void tell_detached(const struct task *t)
{
    if (HAS_BOARD() && t->spy >= 0)
        atomic_store(&board->tasks[t->spy].is_detached, t->detached);
}

static void tell_birth(struct task *t)
{
    t->spy = -1;
    if (!HAS_BOARD())
        return;
    t->spy = spy_task_new(false);
    tell_detached(t);
    spy_thread_born();
}

static int create(pthread_t *ret, const pthread_attr_t *attr, struct task wish, const void *pc)
{
    struct task *t = task_new(false);
    int state = PTHREAD_CREATE_JOINABLE, error;
    struct trace_op op;

    if (!t)
        unsupported("a program of more than 128 threads and processes");
    if (attr)
        pthread_attr_getdetachstate(attr, &state);
    t->detached = state == PTHREAD_CREATE_DETACHED;
    t->fibre = (int16_t)world->n_fibres++;
    t->stack_low = (uint64_t)(uintptr_t)fibre_stack((unsigned)t->fibre);
    t->stack_high = t->stack_low + WORLD_STACK;
    t->start = wish.start;
    t->argument = wish.argument;
    t->is_c11 = wish.is_c11;
    op = op_task(OP_CREATE, t, pc);
    note(&op);
    clocks_born(t);
    spin_progress();
    tell_birth(t);
    for (int tries = 0; (error = give_stack(t, attr)) && machine_may_recover(tries);)
        tries++;
    if (error) {
        machine_refused("a thread");
        finish(END_MACHINE, 0, "%s", "");
    }
    *ret = t->thread;
    baton_pass(t);
    return 0;
}

int __wrap_pthread_create(
    pthread_t *ret, const pthread_attr_t *attr, void *(*start)(void *), void *argument)
{
    if (!me)
        return __real_pthread_create(ret, attr, start, argument);
    settle();
    if (!seam_may_create())
        return EAGAIN;
    return create(ret, attr, (struct task){.start = start, .argument = argument}, CALLER);
}

static int joined(struct task *t, void **ret)
{
    clocks_joined(t->clock, t->birth);
    t->state = TRACE_TASK_JOINED;
    spin_progress();
    SPY(spy_count(SPY_THREADS_JOINED));
    SPY(spy_task_forget(t->spy));
    if (ret)
        *ret = t->result;
    return 0;
}

static int join(pthread_t thread, void **ret, uint64_t deadline, const void *pc)
{
    struct task *t = task_by_thread(thread);
    struct trace_op op;

    if (!t) {
        log_misuse(pc, "pthread_join() of a thread that does not exist or was joined before");
        return ESRCH;
    }
    if (t->detached || t == me) {
        log_misuse(pc, t == me ? "a thread joins itself" : "pthread_join() of a detached thread");
        return t == me ? EDEADLK : EINVAL;
    }
    op = op_task(OP_JOIN, t, pc);
    me->deadline = deadline;
    if (t->state == TRACE_TASK_ENDED)
        note(&op);
    else
        step(&op);
    me->deadline = NEVER;
    if (t->state != TRACE_TASK_ENDED) {
        me->timed_out = 0;
        return ETIMEDOUT;
    }
    me->timed_out = 0;
    return joined(t, ret);
}

int __wrap_pthread_join(pthread_t thread, void **ret)
{
    return join(thread, ret, NEVER, CALLER);
}

int __wrap_pthread_timedjoin_np(pthread_t thread, void **ret, const struct timespec *until)
{
    return join(thread, ret, deadline_of(until, CLOCK_REALTIME), CALLER);
}

WRAP(int, pthread_clockjoin_np,
    (pthread_t thread, void **ret, clockid_t clock, const struct timespec *until))
{
    return join(thread, ret, deadline_of(until, clock), CALLER);
}

int __wrap_pthread_tryjoin_np(pthread_t thread, void **ret)
{
    struct task *t = task_by_thread(thread);
    struct trace_op op;

    if (!t)
        return ESRCH;
    op = op_task(OP_TRYJOIN, t, CALLER);
    spin_prepare(&op);
    step(&op);
    if (t->state == TRACE_TASK_ENDED)
        return joined(t, ret);
    spin_saw(&op, 0);
    return EBUSY;
}

int __wrap_pthread_detach(pthread_t thread)
{
    struct task *t = task_by_thread(thread);

    if (!t)
        return ESRCH;
    if (t->detached) {
        log_misuse(CALLER, "pthread_detach() of a thread that is detached already");
        return EINVAL;
    }
    t->detached = 1;
    SPY(spy_count(SPY_THREADS_DETACHED));
    tell_detached(t);
    if (t->state == TRACE_TASK_ENDED)
        SPY(spy_task_forget(t->spy));
    return 0;
}

WRAP(void, pthread_exit, (void *result))
{
    if (!me)
        __real_pthread_exit(result);
    settle();
    me->result = result;
    cleanup_next();
}

WRAP(int, pthread_cancel, (pthread_t thread))
{
    if (!me)
        return __real_pthread_cancel(thread);
    unsupported("pthread_cancel()");
}

WRAP(int, pthread_kill, (pthread_t thread, int number))
{
    if (!me || number == 0)
        return __real_pthread_kill(thread, number);
    unsupported("pthread_kill()");
}

WRAP(int, pthread_setname_np, (pthread_t thread, const char *name))
{
    struct task *t = me ? task_by_thread(thread) : NULL;

    if (t)
        snprintf(t->name, sizeof(t->name), "%s", name);
    return strlen(name) < TRACE_NAME ? 0 : ERANGE;
}

WRAP(int, pthread_getname_np, (pthread_t thread, char *ret, size_t size))
{
    struct task *t = me ? task_by_thread(thread) : NULL;

    if (!t)
        return __real_pthread_getname_np(thread, ret, size);
    if (size < TRACE_NAME)
        return ERANGE;
    snprintf(ret, size, "%s", t->name);
    return 0;
}

/* C11 */
int c11_error(int error)
{
    static const struct {
        int error, c11;
    } table[] = {{0, thrd_success}, {ETIMEDOUT, thrd_timedout}, {EBUSY, thrd_busy},
        {ENOMEM, thrd_nomem}, {EAGAIN, thrd_nomem}};

    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
        if (table[i].error == error)
            return table[i].c11;
    return thrd_error;
}

int __wrap_thrd_create(thrd_t *ret, thrd_start_t start, void *argument)
{
    struct task wish = {
        .start = (void *(*)(void *))(uintptr_t)start, .argument = argument, .is_c11 = 1};

    if (!me)
        return __real_thrd_create(ret, start, argument);
    settle();
    if (!seam_may_create())
        return thrd_nomem;
    return c11_error(create(ret, NULL, wish, CALLER));
}

int __wrap_thrd_join(thrd_t thread, int *ret)
{
    void *result = NULL;
    int error = join(thread, &result, NEVER, CALLER);

    if (ret)
        *ret = (int)(intptr_t)result;
    return c11_error(error);
}

int __wrap_thrd_detach(thrd_t thread)
{
    return c11_error(__wrap_pthread_detach(thread));
}

WRAP(void, thrd_exit, (int result))
{
    __wrap_pthread_exit((void *)(intptr_t)result);
}

/* The last thread to end ends the process: so all of them came before. */
static void hear_of_all(void)
{
    for (uint32_t i = 0; i < world->n_tasks; i++)
        if (world->tasks[i].process == me->process)
            clocks_join(me->clock, world->tasks[i].clock);
}

/* The first thread ends and its process lives on, until its last thread has ended. */
void end_first_thread(void)
{
    struct trace_op op;

    keys_destroy();
    for (;;) {
        const struct task *other = NULL;

        for (uint32_t i = 0; i < world->n_tasks && !other; i++)
            if (&world->tasks[i] != me && world->tasks[i].process == me->process &&
                world->tasks[i].state < TRACE_TASK_ENDED)
                other = &world->tasks[i];
        if (!other) {
            hear_of_all();
            end_process(0, CALLER);
        }
        op = op_task(OP_JOIN, other, CALLER);
        step(&op);
    }
}
