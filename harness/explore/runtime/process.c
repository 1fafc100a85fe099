/* SPDX-License-Identifier: MIT */
/*
 * process - forked processes are tasks like threads: fork, wait, kill, and who is who.
 *
 * A child is a real process and waits for the same baton. Its end is modelled before it is gone:
 * the status is kept here, and wait() is answered from here, so nothing depends on when the kernel
 * gets round to it. Process ids are made up, to be the same in every execution.
 */
#include "explore/runtime/spying.h"
#include "explore/runtime/world.h"
#include "explore/runtime/wrap.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

enum { FIRST_PID = 1000 };

static int pid_of(int process)
{
    return FIRST_PID + process;
}

static struct process *process_by_pid(pid_t pid)
{
    int process = pid - FIRST_PID;

    if (process < 0 || (uint32_t)process >= world->n_processes)
        return NULL;
    return &world->processes[process];
}

static int index_of(const struct process *p)
{
    return (int)(p - world->processes);
}

WRAP(pid_t, getpid, (void))
{
    return me ? pid_of(me->process) : __real_getpid();
}

WRAP(pid_t, getppid, (void))
{
    if (!me)
        return __real_getppid();
    return pid_of(
        world->processes[me->process].parent); /* the first one's: one less than its own */
}

static struct task *new_process(void)
{
    const struct process *parent = &world->processes[me->process];
    struct task *t = task_new(true);
    struct process *p;

    if (!t)
        return NULL;
    p = &world->processes[world->n_processes];
    *p = *parent;
    p->parent = me->process;
    p->first_task = t->id;
    p->clock = 0;
    p->status = 0;
    t->process = (int16_t)world->n_processes++;
    t->fibre = me->fibre;
    t->stack_low = me->stack_low;
    t->stack_high = me->stack_high;
    t->stack_base = me->stack_base;
    t->frame = me->frame;
    memcpy(t->keys, me->keys, sizeof(t->keys));
    return t;
}

static void tell_birth(struct task *t)
{
    t->spy = -1;
    if (!HAS_BOARD())
        return;
    t->spy = spy_task_new(true);
    if (t->spy >= 0)
        atomic_store(&board->tasks[t->spy].pid, pid_of(t->process));
    spy_child_born();
}

static pid_t become_child(struct task *t)
{
    me = t;
    me->thread = pthread_self();
    baton_wait();
    SPY(spy_task_adopt(t->spy));
    return 0;
}

static bool has_fork_handlers;

WRAP(int, pthread_atfork, (void (*before)(void), void (*parent)(void), void (*child)(void)))
{
    has_fork_handlers = true;
    return __real_pthread_atfork(before, parent, child);
}

/* What fork() does beyond that is for threads that run meanwhile: it takes over their locks. */
static pid_t fork_now(void)
{
    return has_fork_handlers ? __real_fork() : _Fork();
}

static pid_t do_fork(const void *pc)
{
    struct trace_op op = op_make(OP_FORK, pc);
    struct task *t;
    pid_t real;

    settle();
    if (!seam_may_create()) {
        errno = EAGAIN;
        return -1;
    }
    t = new_process();
    if (!t)
        unsupported("a program of more than 128 threads and processes");
    op.other = t->id;
    op.place[0] = (struct trace_place){
        .address = (uint64_t)t->id, .size = 1, .space = SPACE_TASK, .writes = 1};
    note(&op);
    clocks_born(t);
    objects_fork(t);
    spin_progress();
    tell_birth(t);
    for (int tries = 0; (real = fork_now()) < 0 && machine_may_recover(tries);)
        tries++;
    if (real == 0)
        return become_child(t);
    if (real < 0) {
        machine_refused("a process");
        finish(END_MACHINE, 0, "%s", "");
    }
    world->processes[t->process].real_pid = real;
    baton_pass(t);
    return pid_of(t->process);
}

pid_t __wrap_fork(void)
{
    return me ? do_fork(CALLER) : __real_fork();
}

/* A copy is the safe meaning of vfork(). */
pid_t __wrap_vfork(void)
{
    return do_fork(CALLER);
}

static struct process *find_child(pid_t pid, bool ended)
{
    for (uint32_t i = 0; i < world->n_processes; i++) {
        struct process *p = &world->processes[i];

        if (p->parent != me->process || p->state == PROCESS_REAPED ||
            (pid > 0 && pid_of((int)i) != pid))
            continue;
        if (!ended || p->state == PROCESS_ZOMBIE)
            return p;
    }
    return NULL;
}

static void reap(struct process *p)
{
    acquire(p->clock);
    p->state = PROCESS_REAPED;
    SPY(spy_child_reaped());
    for (uint32_t i = 0; i < world->n_tasks; i++)
        if (world->tasks[i].process == index_of(p)) {
            world->tasks[i].state = TRACE_TASK_JOINED;
            SPY(spy_task_forget(world->tasks[i].spy));
        }
}

/* An ended child of the caller, waited for unless WNOHANG; NULL with errno ECHILD or 0. */
static struct process *wait_for(pid_t pid, int options, const void *pc)
{
    const struct process *child = find_child(pid, false);
    struct trace_op op = op_make(options & WNOHANG ? OP_TRYJOIN : OP_REAP, pc);
    struct process *ended;

    settle();
    if (!child) {
        errno = ECHILD;
        return NULL;
    }
    op.other = child->first_task;
    op.place[0] = (struct trace_place){
        .address = (uint64_t)child->first_task, .size = 1, .space = SPACE_TASK, .writes = 1};
    me->awaited = pid > 0 ? pid - FIRST_PID : -1;
    if (options & WNOHANG)
        spin_prepare(&op);
    step(&op);
    ended = find_child(pid, true);
    if (ended)
        spin_progress();
    else
        spin_saw(&op, 0);
    errno = 0;
    return ended;
}

static pid_t do_waitpid(pid_t pid, int *ret_status, int options, const void *pc)
{
    struct process *p = wait_for(pid < 0 ? -1 : pid, options, pc);

    if (!p)
        return errno ? -1 : 0;
    if (ret_status)
        *ret_status = p->status;
    reap(p);
    return pid_of(index_of(p));
}

pid_t __wrap_wait(int *ret_status)
{
    return do_waitpid(-1, ret_status, 0, CALLER);
}

pid_t __wrap_waitpid(pid_t pid, int *ret_status, int options)
{
    return me ? do_waitpid(pid, ret_status, options, CALLER)
              : __real_waitpid(pid, ret_status, options);
}

int __wrap_waitid(idtype_t type, id_t id, siginfo_t *ret, int options)
{
    struct process *p = wait_for(type == P_PID ? (pid_t)id : -1, options, CALLER);

    if (ret)
        memset(ret, 0, sizeof(*ret));
    if (!p)
        return errno ? -1 : 0;
    if (ret) {
        ret->si_signo = SIGCHLD;
        ret->si_pid = pid_of(index_of(p));
        ret->si_code = WIFEXITED(p->status) ? CLD_EXITED : CLD_KILLED;
        ret->si_status = WIFEXITED(p->status) ? WEXITSTATUS(p->status) : WTERMSIG(p->status);
    }
    if (!(options & WNOWAIT))
        reap(p);
    return 0;
}

/* Signals. Delivering one to a task that waits for the baton would run its handler outside the
 * schedule; so only those that end a process are modelled. */
static bool ends_process(int number)
{
    static const int harmless[] = {SIGCHLD, SIGURG, SIGWINCH, SIGCONT};

    for (size_t i = 0; i < sizeof(harmless) / sizeof(harmless[0]); i++)
        if (harmless[i] == number)
            return false;
    return true;
}

static void wait_until_gone(pid_t real)
{
    int fd = (int)syscall(SYS_pidfd_open, real, 0);
    struct pollfd gone = {.fd = fd, .events = POLLIN};

    if (fd < 0)
        return;
    while (__real_poll(&gone, 1, -1) < 0 && errno == EINTR)
        ;
    syscall(SYS_close, fd);
}

static void kill_process(struct process *victim, int number)
{
    extern int __real_kill(pid_t, int);

    __real_kill(victim->real_pid, SIGKILL);
    wait_until_gone(victim->real_pid); /* its descriptors are closed from now on */
    for (uint32_t i = 0; i < world->n_tasks; i++) {
        struct task *t = &world->tasks[i];

        if (t->process != index_of(victim) || t->state >= TRACE_TASK_ENDED)
            continue;
        t->state = TRACE_TASK_ENDED;
        world->alive--;
    }
    victim->state = PROCESS_ZOMBIE;
    victim->status = number;
    release(&victim->clock);
    pipes_changed();
}

static int do_kill(struct process *victim, int number, const void *pc)
{
    struct trace_op op = op_make(OP_KILL, pc);

    op.other = victim->first_task;
    op.place[0] = (struct trace_place){.size = 1, .space = SPACE_ALL, .writes = 1};
    step(&op);
    if (victim->state != PROCESS_RUNS || number == 0 || !ends_process(number))
        return 0;
    if (number != SIGKILL && victim->handled >> number & 1)
        unsupported("a signal to a process that handles it");
    if (index_of(victim) == me->process)
        killed_by(number, number == SIGABRT ? END_ABORT : END_SIGNAL, strsignal(number));
    if (index_of(victim) == 0)
        unsupported("kill() of the first process by another");
    kill_process(victim, number);
    return 0;
}

WRAP(int, kill, (pid_t pid, int number))
{
    struct process *victim;

    if (!me)
        return __real_kill(pid, number);
    victim = process_by_pid(pid);
    if (pid <= 0)
        unsupported("kill() of a process group");
    if (!victim || victim->state == PROCESS_REAPED || number < 0 || number > 63) {
        errno = victim ? EINVAL : ESRCH;
        return -1;
    }
    return do_kill(victim, number, CALLER);
}

WRAP(int, raise, (int number))
{
    if (!me || !from_student(CALLER))
        return __real_raise(number);
    if (world->processes[me->process].handled >> (number & 63) & 1)
        return __real_raise(number);
    return do_kill(&world->processes[me->process], number, CALLER);
}

static void note_handler(int number, bool by_default)
{
    if (!me || number < 1 || number > 63)
        return;
    if (by_default)
        world->processes[me->process].handled &= ~(1ull << number);
    else
        world->processes[me->process].handled |= 1ull << number;
}

WRAP(int, sigaction, (int number, const struct sigaction *action, struct sigaction *old))
{
    if (action)
        note_handler(number, action->sa_handler == SIG_DFL);
    return __real_sigaction(number, action, old);
}

WRAP(sighandler_t, signal, (int number, sighandler_t handler))
{
    note_handler(number, handler == SIG_DFL);
    return __real_signal(number, handler);
}

/* A fresh image has no runtime of ours inside. */
#define REFUSE(type, name, arguments) \
    type __wrap_##name arguments      \
    {                                 \
        unsupported(#name "()");      \
    }

#pragma GCC diagnostic ignored "-Wunused-parameter"
REFUSE(int, execv, (const char *path, char *const argv[]))
REFUSE(int, execve, (const char *path, char *const argv[], char *const envp[]))
REFUSE(int, execvp, (const char *file, char *const argv[]))
REFUSE(int, execl, (const char *path, const char *argument, ...))
REFUSE(int, execlp, (const char *file, const char *argument, ...))
REFUSE(int, execle, (const char *path, const char *argument, ...))
REFUSE(int, execvpe, (const char *file, char *const argv[], char *const envp[]))
REFUSE(int, fexecve, (int fd, char *const argv[], char *const envp[]))
REFUSE(int, clone, (int (*start)(void *), void *stack, int flags, void *argument, ...))
REFUSE(int, posix_spawn,
    (pid_t * pid, const char *path, const posix_spawn_file_actions_t *actions,
        const posix_spawnattr_t *attributes, char *const argv[], char *const envp[]))
REFUSE(int, posix_spawnp,
    (pid_t * pid, const char *file, const posix_spawn_file_actions_t *actions,
        const posix_spawnattr_t *attributes, char *const argv[], char *const envp[]))

WRAP_BANNED(int, __real_system, __wrap_system, (const char *command))
{
    if (!me)
        return __real_system(command);
    unsupported("system()");
}

WRAP_BANNED(FILE *, __real_popen, __wrap_popen, (const char *command, const char *mode))
{
    if (!me)
        return __real_popen(command, mode);
    unsupported("popen()");
}
