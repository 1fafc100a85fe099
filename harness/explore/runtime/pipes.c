/* SPDX-License-Identifier: MIT */
/*
 * pipes - reading, writing, polling and closing pipes and socket pairs without ever blocking in the
 * kernel: a transfer is tried when it can succeed, and otherwise the task waits until anybody does
 * anything to that pipe. A pipe is known by its inode, in whatever process and under whatever
 * number.
 */
#include "explore/runtime/spying.h"
#include "explore/runtime/world.h"
#include "explore/runtime/wrap.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>

enum { ANY_PIPE = 0 /* no inode has this number */ };

static struct object *object_of_inode(uint64_t inode)
{
    struct trace_place place = {.address = inode, .size = 1, .space = SPACE_PIPE, .writes = 1};
    struct object *o = object_find(OBJECT_PIPE, place);

    if (!o->generation)
        o->generation = 1;
    return o->total ? &world->objects[o->total - 1] : o; /* the other end of a socket pair */
}

/* Where a replay's output goes may be a pipe, too: but none of the program's. */
static struct {
    dev_t device;
    ino_t inode;
} outside[2];

void pipes_outside(int which, int fd)
{
    struct stat st;

    if (fstat(fd, &st))
        return;
    outside[which].device = st.st_dev;
    outside[which].inode = st.st_ino;
}

static bool is_outside(const struct stat *st)
{
    for (int i = 0; i < 2; i++)
        if (outside[i].inode == st->st_ino && outside[i].device == st->st_dev)
            return true;
    return false;
}

struct object *pipe_of(int fd)
{
    struct stat st;

    if (fstat(fd, &st) || !(S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode)) || is_outside(&st))
        return NULL;
    return object_of_inode(st.st_ino);
}

void pipe_changed(struct object *o)
{
    o->generation++;
    object_of_inode(ANY_PIPE)->generation++;
}

void pipes_changed(void)
{
    for (uint32_t i = 0; i < world->n_objects; i++)
        if (world->objects[i].type == OBJECT_PIPE)
            world->objects[i].generation++;
}

static bool is_ready(int fd, short events)
{
    struct pollfd p = {.fd = fd, .events = events};

    return __real_poll(&p, 1, 0) > 0;
}

static bool never_blocks(int fd)
{
    return fcntl(fd, F_GETFL) & O_NONBLOCK;
}

/* Waits until the descriptor is ready, as far as the schedule is concerned. */
static struct trace_event *reach(
    int fd, struct object *o, enum trace_kind kind, short events, const void *pc)
{
    struct trace_op op = op_on(kind, pc, o);
    struct trace_event *e;

    settle();
    me->object = o;
    me->awaited = fd;
    me->tried = is_ready(fd, events) || never_blocks(fd) ? 0 : o->generation;
    for (;;) {
        e = step(&op);
        if (is_ready(fd, events) || never_blocks(fd))
            return e;
        me->tried = o->generation;
    }
}

static bool is_file(int fd)
{
    struct stat st;

    return !fstat(fd, &st) && S_ISREG(st.st_mode) && !is_outside(&st);
}

static ssize_t do_read(int fd, void *buffer, size_t length, const void *pc)
{
    struct object *o = me ? pipe_of(fd) : NULL;
    struct trace_event *e = NULL;
    ssize_t n;

    if (me && fd == 0 && !o)
        say_uncontrolled(pc, "the program reads its standard input, which is empty here");
    if (me)
        length = seam_transfer(length, false);
    if (o)
        e = reach(fd, o, OP_PIPE_READ, POLLIN, pc);
    else if (me && is_file(fd))
        files_step(false, pc);
    n = __real_read(fd, buffer, length);
    if (!me || n < 0)
        return n;
    if (o) {
        acquire(o->clock);
        e->result = (int32_t)n;
        pipe_changed(o);
        spin_progress();
    }
    if (n > 0 && from_student(pc)) {
        access_plain(buffer, (size_t)n, true, pc);
        me->written = 0; /* written already */
    }
    return n;
}

/* Without a reader the write ends the process, unless it looks after SIGPIPE itself. */
static bool is_broken(int fd)
{
    struct pollfd p = {.fd = fd, .events = POLLOUT};

    return __real_poll(&p, 1, 0) > 0 && p.revents & POLLERR;
}

/* A pipe that is ready has room for PIPE_BUF bytes: so much never blocks. */
static ssize_t write_some(int fd, const char *buffer, size_t length)
{
    int flags;
    ssize_t n;

    if (is_broken(fd) && !(world->processes[me->process].handled >> SIGPIPE & 1))
        killed_by(SIGPIPE, END_SIGNAL, "the process writes to a pipe that nobody reads (SIGPIPE)");
    if (length <= PIPE_BUF)
        return __real_write(fd, buffer, length);
    flags = fcntl(fd, F_GETFL);
    fcntl(fd, F_SETFL, flags | O_NONBLOCK);
    n = __real_write(fd, buffer, length);
    fcntl(fd, F_SETFL, flags);
    return n;
}

static ssize_t write_pipe(
    int fd, struct object *o, const char *buffer, size_t length, const void *pc)
{
    size_t done = 0;

    do {
        struct trace_event *e = reach(fd, o, OP_PIPE_WRITE, POLLOUT, pc);
        ssize_t n = write_some(fd, buffer + done, length - done);

        if (n < 0 && errno == EAGAIN && !never_blocks(fd))
            continue;
        if (n < 0)
            return done ? (ssize_t)done : n;
        done += (size_t)n;
        e->result = (int32_t)n;
        release(&o->clock);
        pipe_changed(o);
        spin_progress();
    } while (done < length && !never_blocks(fd));
    return (ssize_t)done;
}

static ssize_t do_write(int fd, const void *buffer, size_t length, const void *pc)
{
    struct object *o = me ? pipe_of(fd) : NULL;

    if (!me)
        return __real_write(fd, buffer, length);
    length = seam_transfer(length, true);
    if (from_student(pc))
        access_plain(buffer, length, false, pc);
    if (o)
        return write_pipe(fd, o, buffer, length, pc);
    if (is_file(fd))
        files_step(true, pc);
    return __real_write(fd, buffer, length);
}

ssize_t __wrap_read(int fd, void *buffer, size_t length)
{
    return do_read(fd, buffer, length, CALLER);
}

ssize_t __wrap_write(int fd, const void *buffer, size_t length)
{
    return do_write(fd, buffer, length, CALLER);
}

/* The C library's streams end up here: fscanf() on a pipe waits like read(). Their buffers are not
 * the student's memory, hence no access is told; the stream stays locked meanwhile, as it does
 * without us. */
ssize_t __wrap___read(int fd, void *buffer, size_t length);
ssize_t __wrap___write(int fd, const void *buffer, size_t length);

ssize_t __wrap___read(int fd, void *buffer, size_t length)
{
    return do_read(fd, buffer, length, CALLER);
}

ssize_t __wrap___write(int fd, const void *buffer, size_t length)
{
    return do_write(fd, buffer, length, CALLER);
}

/* A short transfer is always allowed: one part at a time. */
ssize_t __wrap_readv(int fd, const struct iovec *parts, int count)
{
    for (int i = 0; i < count; i++)
        if (parts[i].iov_len)
            return do_read(fd, parts[i].iov_base, parts[i].iov_len, CALLER);
    return 0;
}

ssize_t __wrap_writev(int fd, const struct iovec *parts, int count)
{
    ssize_t sum = 0;

    for (int i = 0; i < count; i++) {
        ssize_t n = do_write(fd, parts[i].iov_base, parts[i].iov_len, CALLER);

        if (n < 0)
            return sum ? sum : n;
        sum += n;
        if ((size_t)n < parts[i].iov_len)
            break;
    }
    return sum;
}

/* Of a socket pair; what a flag asks for is not modelled. */
WRAP(ssize_t, recv, (int fd, void *buffer, size_t length, int flags))
{
    if (me && flags)
        say_uncontrolled(CALLER, "recv() with flags is not under the control of explore");
    return flags ? __real_recv(fd, buffer, length, flags) : do_read(fd, buffer, length, CALLER);
}

WRAP(ssize_t, send, (int fd, const void *buffer, size_t length, int flags))
{
    if (me && flags & ~MSG_NOSIGNAL)
        say_uncontrolled(CALLER, "send() with flags is not under the control of explore");
    return flags & ~MSG_NOSIGNAL ? __real_send(fd, buffer, length, flags)
                                 : do_write(fd, buffer, length, CALLER);
}

static int opened(int result)
{
    if (!result && me)
        SPY(spy_count(SPY_PIPES));
    return result;
}

int __wrap_pipe(int ret[2])
{
    return opened(__real_pipe(ret));
}

int __wrap_pipe2(int ret[2], int flags)
{
    return opened(__real_pipe2(ret, flags));
}

int __wrap_socketpair(int domain, int type, int protocol, int ret[2])
{
    int result = opened(__real_socketpair(domain, type, protocol, ret));
    struct object *one, *other;

    if (result || !me)
        return result;
    one = pipe_of(ret[0]);
    other = pipe_of(ret[1]);
    other->total = (uint32_t)(one - world->objects) + 1;
    return 0;
}

/* Waits until `look` finds something, or the time is over. */
static int poll_until(
    int (*look)(void *), void *argument, bool waits, uint64_t deadline, const void *pc)
{
    struct trace_op op = op_make(OP_POLL, pc);
    int n;

    settle();
    op.place[0] = (struct trace_place){.size = 1, .space = SPACE_ALL};
    me->object = object_of_inode(ANY_PIPE);
    me->deadline = deadline;
    me->timed_out = 0;
    me->tried = waits && look(argument) == 0 ? me->object->generation : 0;
    for (;;) {
        step(&op);
        n = look(argument);
        if (n != 0 || !waits || me->timed_out)
            break;
        me->tried = me->object->generation;
    }
    me->deadline = NEVER;
    me->timed_out = 0;
    return n;
}

struct poll_call {
    struct pollfd *fds;
    nfds_t count;
};

static int look_poll(void *argument)
{
    struct poll_call *call = argument;

    return __real_poll(call->fds, call->count, 0);
}

int __wrap_poll(struct pollfd *fds, nfds_t count, int timeout_ms)
{
    struct poll_call call = {fds, count};
    uint64_t deadline = timeout_ms > 0 ? world->now + (uint64_t)timeout_ms * 1000000 : NEVER;

    return poll_until(look_poll, &call, timeout_ms != 0, deadline, CALLER);
}

struct select_call {
    int count;
    fd_set *sets[3];
    fd_set wanted[3];
};

static int look_select(void *argument)
{
    struct select_call *call = argument;
    struct timeval none = {0, 0};

    for (int i = 0; i < 3; i++)
        if (call->sets[i])
            *call->sets[i] = call->wanted[i];
    return __real_select(call->count, call->sets[0], call->sets[1], call->sets[2], &none);
}

int __wrap_select(
    int count, fd_set *reading, fd_set *writing, fd_set *failing, struct timeval *limit)
{
    struct select_call call = {.count = count, .sets = {reading, writing, failing}};
    uint64_t ns = limit ? (uint64_t)limit->tv_sec * 1000000000 + (uint64_t)limit->tv_usec * 1000
                        : 0;

    for (int i = 0; i < 3; i++)
        if (call.sets[i])
            call.wanted[i] = *call.sets[i];
    return poll_until(look_select, &call, !limit || ns, limit ? world->now + ns : NEVER, CALLER);
}
