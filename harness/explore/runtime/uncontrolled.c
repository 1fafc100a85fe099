/* SPDX-License-Identifier: MIT */
/*
 * uncontrolled - calls that the schedule does not control. They go through to the system, and the
 * outcome says so, once for each: what depends on them may differ from one execution to the next,
 * and orders that they make are not known here. A call that waits for something outside ends the
 * execution when nothing has moved for two seconds (zygote.c).
 */
#include "explore/runtime/world.h"
#include "explore/runtime/wrap.h"

#include <mqueue.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/random.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

void say_uncontrolled(const void *pc, const char *text)
{
    struct trace_finding *f;

    for (uint32_t i = 0; i < arena->result.n_findings; i++)
        if (arena->findings[i].kind == FINDING_UNCONTROLLED &&
            !strcmp(arena->findings[i].text, text))
            return;
    f = log_finding(FINDING_UNCONTROLLED, "%s", text);
    if (f)
        f->access[0] = (struct trace_access){
            .task = me->id, .frame = me->frame, .pc = (uint64_t)(uintptr_t)pc, .event = UINT32_MAX};
}

static void say(const void *pc, const char *name)
{
    char text[TRACE_TEXT];

    if (!me || !from_student(pc))
        return;
    settle();
    snprintf(text, sizeof(text), "%s() is not under the control of explore", name);
    say_uncontrolled(pc, text);
}

#define UNCONTROLLED(type, name, parameters, arguments) \
    WRAP(type, name, parameters)                        \
    {                                                   \
        say(CALLER, #name);                             \
        return __real_##name arguments;                 \
    }

#define WAITS_OUTSIDE(name, parameters, arguments) \
    WRAP(int, name, parameters)                    \
    {                                              \
        say(CALLER, #name);                        \
        if (me)                                    \
            arena->result.waited = 1;              \
        return __real_##name arguments;            \
    }

/* Signals and timers */
WAITS_OUTSIDE(pause, (void), ())
WAITS_OUTSIDE(sigwait, (const sigset_t *set, int *ret), (set, ret))
WAITS_OUTSIDE(sigsuspend, (const sigset_t *set), (set))
UNCONTROLLED(unsigned, alarm, (unsigned seconds), (seconds))
UNCONTROLLED(int, setitimer,
    (__itimer_which_t which, const struct itimerval *value, struct itimerval *old),
    (which, value, old))
UNCONTROLLED(
    int, timer_create, (clockid_t clock, struct sigevent *event, timer_t *ret), (clock, event, ret))
UNCONTROLLED(int, timerfd_create, (int clock, int flags), (clock, flags))
UNCONTROLLED(int, signalfd, (int fd, const sigset_t *set, int flags), (fd, set, flags))

/* Descriptors */
UNCONTROLLED(int, eventfd, (unsigned value, int flags), (value, flags))
UNCONTROLLED(int, epoll_create, (int size), (size))
UNCONTROLLED(int, epoll_create1, (int flags), (flags))
UNCONTROLLED(int, epoll_wait, (int fd, struct epoll_event *events, int most, int timeout_ms),
    (fd, events, most, timeout_ms))
UNCONTROLLED(int, ppoll,
    (struct pollfd * fds, nfds_t count, const struct timespec *limit, const sigset_t *set),
    (fds, count, limit, set))
UNCONTROLLED(int, pselect,
    (int count, fd_set *reading, fd_set *writing, fd_set *failing, const struct timespec *limit,
        const sigset_t *set),
    (count, reading, writing, failing, limit, set))
UNCONTROLLED(int, flock, (int fd, int operation), (fd, operation))
UNCONTROLLED(int, lockf, (int fd, int command, off_t length), (fd, command, length))
UNCONTROLLED(
    int, accept, (int fd, struct sockaddr *address, socklen_t *length), (fd, address, length))
UNCONTROLLED(
    int, connect, (int fd, const struct sockaddr *address, socklen_t length), (fd, address, length))
UNCONTROLLED(ssize_t, recvmsg, (int fd, struct msghdr *message, int flags), (fd, message, flags))
UNCONTROLLED(
    ssize_t, sendmsg, (int fd, const struct msghdr *message, int flags), (fd, message, flags))

/* System V and POSIX queues, semaphore sets, shared segments */
UNCONTROLLED(mqd_t, mq_open, (const char *name, int flags, mode_t mode, struct mq_attr *attributes),
    (name, flags, mode, attributes))
UNCONTROLLED(int, msgget, (key_t key, int flags), (key, flags))
UNCONTROLLED(int, semget, (key_t key, int count, int flags), (key, count, flags))
UNCONTROLLED(int, semop, (int id, struct sembuf *operations, size_t count), (id, operations, count))
UNCONTROLLED(int, shmget, (key_t key, size_t size, int flags), (key, size, flags))
UNCONTROLLED(void *, shmat, (int id, const void *address, int flags), (id, address, flags))

/* Threads behind our back, and system calls past all that is wrapped. */
WRAP(long, syscall, (long number, long a, long b, long c, long d, long e, long f))
{
    if (me && number == SYS_gettid)
        return gettid();
    say(CALLER, "syscall");
    return __real_syscall(number, a, b, c, d, e, f);
}

WRAP(pid_t, gettid, (void))
{
    if (!me)
        return __real_gettid();
    return me->is_process || me->id == 0 ? getpid() : 2000 + me->id;
}

/* What is random comes from the seed of the program, which is the same each time. */
static void fill(void *buffer, size_t length)
{
    static uint64_t state = 0x2545f4914f6cdd1dull;
    unsigned char *bytes = buffer;

    for (size_t i = 0; i < length; i++) {
        state = state * 6364136223846793005ull + 1442695040888963407ull;
        bytes[i] = (unsigned char)(state >> 56);
    }
}

WRAP(ssize_t, getrandom, (void *buffer, size_t length, unsigned flags))
{
    if (!me || !from_student(CALLER))
        return __real_getrandom(buffer, length, flags);
    fill(buffer, length);
    return (ssize_t)length;
}

WRAP(int, getentropy, (void *buffer, size_t length))
{
    if (!me || !from_student(CALLER))
        return __real_getentropy(buffer, length);
    fill(buffer, length);
    return 0;
}
