/* SPDX-License-Identifier: MIT */
/*
 * end - how an execution ends, and how one process of it does: by returning from main, exit, a
 * failed assertion, abort, a signal. Whatever the way, the result is complete before the process is
 * gone.
 */
#include "explore/runtime/world.h"
#include "explore/runtime/wrap.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

extern int __real_kill(pid_t pid, int number);
extern int __real_raise(int number);

static void save_tasks(void)
{
    for (uint32_t i = 0; i < world->n_tasks; i++) {
        const struct task *t = &world->tasks[i];

        arena->tasks[i] = (struct trace_task){.state = t->state,
            .is_process = t->is_process,
            .detached = t->detached,
            .enabled = t->state == TRACE_TASK_PENDING && is_enabled(t),
            .process = t->process,
            .parent = t->parent,
            .holder = t->state == TRACE_TASK_PENDING ? holder_of(t) : NO_TASK,
            .status = world->processes[t->process].status,
            .start = (uint64_t)(uintptr_t)t->start,
            .stack_low = t->stack_low,
            .stack_high = t->stack_high,
            .pending = t->pending,
            .events = t->events};
        memcpy(arena->tasks[i].name, t->name, TRACE_NAME);
    }
    arena->result.n_tasks = world->n_tasks;
}

/* Ends the calling process at once; the zygote ends what is left of the execution. */
static _Noreturn void vanish(int status)
{
    for (;;)
        syscall(SYS_exit_group, status);
}

void finish(enum trace_end end, int code, const char *format, ...)
{
    struct trace_result *r = &arena->result;
    va_list ap;

    if (r->end == END_NONE) {
        if (me && me->process == 0 && feof(stdin))
            say_uncontrolled(NULL, "the program reads its standard input, which is empty here");
        r->code = code;
        r->task = me ? me->id : NO_TASK;
        if (end != END_OK) {
            va_start(ap, format);
            vsnprintf(r->text, sizeof(r->text), format, ap);
            va_end(ap);
        }
        save_tasks();
        atomic_signal_fence(memory_order_seq_cst);
        r->end = end;
    }
    if (arena->plan.flags & PLAN_KEEP_OUTPUT && end != END_SIGNAL)
        fflush(NULL);
    if (me && me->process != 0)
        __real_kill(
            0, SIGKILL); /* the whole execution is one process group; the zygote is not in it */
    vanish(0);
}

void unsupported(const char *call)
{
    finish(END_UNSUPPORTED, 0, "%s is not supported by explore", call);
}

/* A machine that is full for a moment is given two seconds: it is not the student's doing, whose
 * tasks are few. */
bool machine_may_recover(int tries)
{
    const struct timespec moment = {0, 20 * 1000000};

    if (tries < 100)
        syscall(SYS_nanosleep, &moment, NULL);
    return tries < 100;
}

void machine_refused(const char *what)
{
    struct trace_result *r = &arena->result;

    snprintf(r->text, sizeof(r->text), "The machine refuses to create %s", what);
    r->end = END_MACHINE;
}

static void end_event(enum trace_kind kind)
{
    if (me->state == TRACE_TASK_RUNNING && me->event < arena->result.n_events)
        arena->events[me->event].flags |= EVENT_LAST;
    (void)kind;
}

/* The other threads of a process that ends are cut off wherever they are. */
static void drop_threads(void)
{
    for (uint32_t i = 0; i < world->n_tasks; i++) {
        struct task *t = &world->tasks[i];

        if (t->process != me->process || t->state >= TRACE_TASK_ENDED)
            continue;
        t->state = TRACE_TASK_ENDED;
        world->alive--;
    }
}

void process_ended(int status)
{
    struct process *p = &world->processes[me->process];

    settle();
    pipes_process_ended();
    p->status = status;
    p->state = PROCESS_ZOMBIE;
    release(&p->clock);
    spin_changed(
        &(struct trace_place){.address = (uint64_t)p->first_task, .size = 1, .space = SPACE_TASK});
    drop_threads();
    leave_process();
}

/* A thread that has ended, but that nobody waited for: another time the program will have ended
 * first. */
static bool might_be_at_work(const struct task *t)
{
    return t->process == me->process && t->worked > me->clock[t->id];
}

static void say_left(
    enum trace_finding_kind kind, const struct task *t, const char *before, const char *after)
{
    struct trace_finding *f;

    if (t->id)
        f = log_finding(
            kind, "%s%s %d%s", before, t->is_process ? "process" : "thread", t->id, after);
    else
        f = log_finding(kind, "%sthe main thread%s", before, after);
    if (f)
        f->address = (uint64_t)t->id;
}

static void look_at_leftover(const struct task *t)
{
    if (t->state < TRACE_TASK_ENDED)
        say_left(FINDING_MAIN_LEFT, t, "the program ended while ", " was still at work");
    else if (t->state == TRACE_TASK_ENDED && t->is_process)
        say_left(FINDING_UNJOINED, t, "", " was never waited for");
    else if (t->state == TRACE_TASK_ENDED && might_be_at_work(t))
        say_left(FINDING_MAIN_LEFT, t, "nothing makes the program wait for ",
            ", which may still be at work when it ends");
    else if (t->state == TRACE_TASK_ENDED && !t->detached)
        say_left(FINDING_UNJOINED, t, "", " was never joined nor detached");
}

static void look_for_leftovers(void)
{
    for (uint32_t i = 0; i < world->n_tasks; i++)
        if (&world->tasks[i] != me)
            look_at_leftover(&world->tasks[i]);
}

/* The end of a process that ends in an orderly way: after its atexit() handlers. */
_Noreturn void end_process(int status, const void *pc)
{
    struct trace_op op = op_make(OP_EXIT, pc);

    op.place[0] = (struct trace_place){.size = 1, .space = SPACE_ALL, .writes = 1};
    if (world->alive > 1)
        step(&op);
    else
        note(&op);
    if (me->process != 0) {
        process_ended((status & 0xff) << 8);
        vanish(status);
    }
    look_for_leftovers();
    finish(status ? END_EXIT : END_OK, status, "exit status %d", status);
}

/* Registered before the program's own, so it is called last. */
static void last_words(int status, void *unused)
{
    (void)unused;
    if (!me)
        return; /* the zygote itself */
    if (me->process != 0 || arena->plan.flags & PLAN_KEEP_OUTPUT)
        fflush(NULL); /* into a pipe, perhaps: before others see the end of file */
    end_process(status, me->exit_pc);
}

void killed_by(int number, enum trace_end end, const char *text)
{
    end_event(OP_EXIT);
    if (me->process == 0)
        finish(end, number, "%s", text);
    process_ended(number);
    vanish(128 + number);
}

static const struct {
    int number;
    const char *text;
} fatal[] = {
    {SIGSEGV, "segmentation fault at address %p"},
    {SIGBUS, "bus error at address %p"},
    {SIGFPE, "arithmetic error (SIGFPE) at %p"},
    {SIGILL, "illegal instruction at %p"},
    {SIGTRAP, "trap at %p"},
    {SIGSYS, "forbidden system call at %p"},
};

static void on_fatal(int number, siginfo_t *info, void *unused)
{
    char text[80] = "";

    (void)unused;
    if (!me) {
        signal(number, SIG_DFL);
        __real_raise(number);
        return;
    }
    for (size_t i = 0; i < sizeof(fatal) / sizeof(fatal[0]); i++)
        if (fatal[i].number == number)
            snprintf(text, sizeof(text), fatal[i].text, info->si_addr);
    killed_by(number, END_SIGNAL, text);
}

void end_install_handlers(void)
{
    static char alternate[16384]; /* the first thread's, in case its stack is what overflowed */
    stack_t stack = {.ss_sp = alternate, .ss_size = sizeof(alternate)};
    struct sigaction action = {.sa_sigaction = on_fatal, .sa_flags = SA_SIGINFO | SA_ONSTACK};

    sigaltstack(&stack, NULL);
    for (size_t i = 0; i < sizeof(fatal) / sizeof(fatal[0]); i++)
        sigaction(fatal[i].number, &action, NULL);
    on_exit(last_words, NULL);
}

WRAP(void, exit, (int status))
{
    if (me)
        me->exit_pc = CALLER;
    __real_exit(status);
    __builtin_unreachable();
}

static _Noreturn void exit_now(int status, const void *pc)
{
    if (me)
        end_process(status, pc);
    vanish(status);
}

WRAP(void, _exit, (int status))
{
    exit_now(status, CALLER);
}

WRAP(void, _Exit, (int status))
{
    exit_now(status, CALLER);
}

WRAP(void, quick_exit, (int status))
{
    exit_now(status, CALLER);
}

WRAP(void, abort, (void))
{
    if (!me)
        __real_abort();
    killed_by(SIGABRT, END_ABORT, "the program called abort()");
}

WRAP(void, __assert_fail,
    (const char *expression, const char *file, unsigned line, const char *function))
{
    char text[TRACE_TEXT];
    const char *slash = strrchr(file, '/');

    if (!me)
        __real___assert_fail(expression, file, line, function);
    snprintf(text, sizeof(text), "assertion `%s` failed in %s (%s:%u)", expression,
        function ? function : "?", slash ? slash + 1 : file, line);
    me->exit_pc = CALLER;
    killed_by(SIGABRT, END_ASSERT, text);
}
