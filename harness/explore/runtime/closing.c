/* SPDX-License-Identifier: MIT */
/*
 * closing - which descriptors are open, and what it means to close one: the last writer's close is
 * the end of file, the last reader's breaks the pipe.
 */
#include "explore/runtime/spying.h"
#include "explore/runtime/world.h"
#include "explore/runtime/wrap.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

enum { DESCRIPTORS = 64 };

/* One question for all of them: a thousand fcntl() would be half of an execution. */
static uint64_t which_are_open(void)
{
    struct pollfd all[DESCRIPTORS];
    uint64_t open = 0;

    for (int fd = 0; fd < DESCRIPTORS; fd++)
        all[fd] = (struct pollfd){.fd = fd};
    if (__real_poll(all, DESCRIPTORS, 0) < 0)
        return UINT64_MAX; /* an odd limit: then each will be tried */
    for (int fd = 0; fd < DESCRIPTORS; fd++)
        open |= (uint64_t) !(all[fd].revents & POLLNVAL) << fd;
    return open;
}

WRAP(long, open_descriptors, (void))
{
    uint64_t open = which_are_open();
    long count = 0;

    for (int fd = 0; fd < DESCRIPTORS; fd++)
        count += open >> fd & 1 && (open != UINT64_MAX || syscall(SYS_fcntl, fd, F_GETFD) != -1);
    return count;
}

void pipes_process_ended(void)
{
    uint64_t open = which_are_open();

    for (int fd = 0; fd < DESCRIPTORS; fd++) {
        struct object *o = open >> fd & 1 ? pipe_of(fd) : NULL;

        if (!o)
            continue;
        release(&o->clock);
        syscall(SYS_close, fd);
        pipe_changed(o);
    }
}

/* Closing is what a reader may wait for: the last writer's close is the end of file. */
static void before_close(int fd, const void *pc)
{
    struct object *o = me ? pipe_of(fd) : NULL;
    struct trace_event *e;
    struct trace_op op;

    if (!o)
        return;
    op = op_on(OP_PIPE_CLOSE, pc, o);
    e = world->alive > 1 ? step(&op) : note(&op);
    e->result = fcntl(fd, F_GETFL) & O_ACCMODE; /* O_RDONLY is TRACE_READING_END, and so on */
    release(&o->clock);
    pipe_changed(o);
}

WRAP(int, close, (int fd))
{
    if (from_student(CALLER))
        before_close(fd, CALLER);
    return __real_close(fd);
}

/* fclose() */
WRAP(int, __close_nocancel, (int fd))
{
    before_close(fd, CALLER);
    return __real___close_nocancel(fd);
}

WRAP(int, shutdown, (int fd, int how))
{
    before_close(fd, CALLER);
    return __real_shutdown(fd, how);
}

WRAP(int, dup2, (int from, int to))
{
    if (from != to && from_student(CALLER))
        before_close(to, CALLER);
    return __real_dup2(from, to);
}

WRAP(int, dup3, (int from, int to, int flags))
{
    if (from_student(CALLER))
        before_close(to, CALLER);
    return __real_dup3(from, to, flags);
}
