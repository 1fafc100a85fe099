/* SPDX-License-Identifier: MIT */
/* native side of the seam: processes, descriptors, sleeps. */
#include "probe/native.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>

/* The child's row is taken before the fork, so that both sides know it. */
pid_t __wrap_fork(void)
{
    int id;
    pid_t pid;

    if (!board)
        return __real_fork();
    if (!seam_may_create()) {
        errno = EAGAIN;
        return -1;
    }
    id = spy_task_new(true);
    spy_child_born();
    pid = __real_fork();
    if (pid == 0) {
        spy_task_adopt(id);
    } else if (pid < 0) {
        spy_task_forget(id);
        spy_child_reaped();
    } else if (id >= 0) {
        atomic_store(&board->tasks[id].pid, (int32_t)pid);
    }
    return pid;
}

/* A vfork()ed child may do nothing but exec or _exit; a copy of the memory is the safe meaning. */
pid_t __wrap_vfork(void)
{
    return __wrap_fork();
}

/* The rows of a process that was waited for: itself and the threads that it had. */
static pid_t reaped(pid_t pid, int how)
{
    uint32_t rows = board ? atomic_load(&board->n_tasks) : 0;

    if (pid <= 0 || !board || (how & WNOWAIT))
        return pid;
    spy_child_reaped();
    for (uint32_t id = 0; id < rows && id < BOARD_TASKS; id++)
        if (atomic_load(&board->tasks[id].pid) == pid)
            spy_task_forget((int)id);
    return pid;
}

pid_t __wrap_wait(int *ret_status)
{
    return reaped(WAITING(TASK_IN_WAITPID, -1, __real_wait(ret_status)), 0);
}

pid_t __wrap_waitpid(pid_t pid, int *ret_status, int options)
{
    pid_t found = WAITING(options & WNOHANG ? TASK_RUNNING : TASK_IN_WAITPID, pid,
        __real_waitpid(pid, ret_status, options));

    if (found > 0 && ret_status && (WIFSTOPPED(*ret_status) || WIFCONTINUED(*ret_status)))
        return found;
    return reaped(found, 0);
}

int __wrap_waitid(idtype_t type, id_t id, siginfo_t *info, int options)
{
    siginfo_t own = {0};
    int error;

    if (!info)
        info = &own;
    error = WAITING(options & WNOHANG ? TASK_RUNNING : TASK_IN_WAITPID, id,
        __real_waitid(type, id, info, options));
    if (!error && info->si_pid &&
        (info->si_code == CLD_EXITED || info->si_code == CLD_KILLED || info->si_code == CLD_DUMPED))
        reaped(info->si_pid, options);
    return error;
}

static int opened(int error)
{
    if (!error)
        spy_count(SPY_PIPES);
    return error;
}

int __wrap_pipe(int ends[2])
{
    return opened(__real_pipe(ends));
}

int __wrap_pipe2(int ends[2], int flags)
{
    return opened(__real_pipe2(ends, flags));
}

int __wrap_socketpair(int domain, int type, int protocol, int ends[2])
{
    return opened(__real_socketpair(domain, type, protocol, ends));
}

ssize_t __wrap_read(int fd, void *bytes, size_t length)
{
    length = seam_transfer(length, false);
    return WAITING(TASK_IN_READ, fd, __real_read(fd, bytes, length));
}

ssize_t __wrap_write(int fd, const void *bytes, size_t length)
{
    length = seam_transfer(length, true);
    return WAITING(TASK_IN_WRITE, fd, __real_write(fd, bytes, length));
}

/* Where a transfer of all parts at once is over the limit, the one part that is moved instead; all
 * parts are empty or within the limit: false. */
static bool first_part(const struct iovec *parts, int count, bool is_write, struct iovec *ret_part)
{
    size_t total = 0;

    for (int i = 0; i < count; i++)
        total += parts[i].iov_len;
    if (seam_transfer(total, is_write) == total)
        return false;
    while (parts->iov_len == 0)
        parts++;
    *ret_part = *parts;
    ret_part->iov_len = seam_transfer(parts->iov_len, is_write);
    return true;
}

ssize_t __wrap_readv(int fd, const struct iovec *parts, int count)
{
    struct iovec part;

    if (first_part(parts, count, false, &part))
        return WAITING(TASK_IN_READ, fd, __real_read(fd, part.iov_base, part.iov_len));
    return WAITING(TASK_IN_READ, fd, __real_readv(fd, parts, count));
}

ssize_t __wrap_writev(int fd, const struct iovec *parts, int count)
{
    struct iovec part;

    if (first_part(parts, count, true, &part))
        return WAITING(TASK_IN_WRITE, fd, __real_write(fd, part.iov_base, part.iov_len));
    return WAITING(TASK_IN_WRITE, fd, __real_writev(fd, parts, count));
}

int __wrap_poll(struct pollfd *fds, nfds_t count, int timeout_ms)
{
    return WAITING(
        timeout_ms < 0 ? TASK_IN_POLL : TASK_IN_SLEEP, count, __real_poll(fds, count, timeout_ms));
}

int __wrap_select(int count, fd_set *restrict readable, fd_set *restrict writable,
    fd_set *restrict failed, struct timeval *restrict timeout)
{
    return WAITING(timeout ? TASK_IN_SLEEP : TASK_IN_POLL, count,
        __real_select(count, readable, writable, failed, timeout));
}

#define SLEEPING(call) (spy_count(SPY_SLEEPS), WAITING(TASK_IN_SLEEP, 0, call))

unsigned __wrap_sleep(unsigned seconds)
{
    return SLEEPING(__real_sleep(seconds));
}

int __wrap_usleep(useconds_t microseconds)
{
    return SLEEPING(__real_usleep(microseconds));
}

int __wrap_nanosleep(const struct timespec *time, struct timespec *rest)
{
    return SLEEPING(__real_nanosleep(time, rest));
}

int __wrap_clock_nanosleep(
    clockid_t clock, int flags, const struct timespec *time, struct timespec *rest)
{
    return SLEEPING(__real_clock_nanosleep(clock, flags, time, rest));
}

int __wrap_thrd_sleep(const struct timespec *time, struct timespec *rest)
{
    return SLEEPING(__real_thrd_sleep(time, rest));
}

int __wrap_sched_yield(void)
{
    spy_count(SPY_YIELDS);
    return __real_sched_yield();
}

void __wrap_thrd_yield(void)
{
    spy_count(SPY_YIELDS);
    __real_thrd_yield();
}

int __wrap_execv(const char *path, char *const argv[])
{
    spy_count(SPY_EXECS);
    return __real_execv(path, argv);
}

int __wrap_execve(const char *path, char *const argv[], char *const envp[])
{
    spy_count(SPY_EXECS);
    return __real_execve(path, argv, envp);
}

int __wrap_execvp(const char *file, char *const argv[])
{
    spy_count(SPY_EXECS);
    return __real_execvp(file, argv);
}

static int spawned(int error)
{
    if (!error && board)
        spy_child_born();
    return error;
}

int __wrap_posix_spawn(pid_t *restrict pid, const char *restrict path,
    const posix_spawn_file_actions_t *restrict actions,
    const posix_spawnattr_t *restrict attributes, char *const *restrict argv,
    char *const *restrict envp)
{
    return spawned(__real_posix_spawn(pid, path, actions, attributes, argv, envp));
}

int __wrap_posix_spawnp(pid_t *restrict pid, const char *restrict file,
    const posix_spawn_file_actions_t *restrict actions,
    const posix_spawnattr_t *restrict attributes, char *const *restrict argv,
    char *const *restrict envp)
{
    return spawned(__real_posix_spawnp(pid, file, actions, attributes, argv, envp));
}
