/* SPDX-License-Identifier: MIT */
/*
 * lab-init - the first process of a box: starts the command, adopts and buries everything below it,
 * and tells `lab` how the command ended. The same program at every level: at BOX_LIMITS it is an
 * ordinary process and a subreaper, in a sandbox it is pid 1 of the pid namespace.
 *
 *     lab-init CONTROL PLAN       two inherited descriptors, see plan.h
 *     lab-init check WHERE        the self-test, as the command of a box: see check.h
 *
 * It is static, so that the sandbox need not show it a library, and small, so that its memory does
 * not count. It is not dumpable: code of the same user can neither trace it nor read its memory.
 * The command never has its control socket. It ends when the control socket ends: `lab` may be
 * killed at any time.
 */
#include "box/init/check.h"
#include "box/init/command.h"
#include "box/init/tree.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LOOK_MS = 50 };

struct init {
    struct command command;
    struct plan_report report;
    int control;
    int signals; /* SIGCHLD, and SIGTERM when `lab` died */
    pid_t pid;   /* of the command */
    bool ended;
};

static int answer(struct init *i)
{
    i->report.magic = PLAN_MAGIC;
    return send(i->control, &i->report, sizeof(i->report), MSG_NOSIGNAL) < 0;
}

static int give_up(struct init *i, enum plan_step step)
{
    i->report.failed = step;
    i->report.error = errno;
    return answer(i);
}

/* The descriptor is above those of the command, which let_go() closes. */
static int take_signals(const struct init *i)
{
    sigset_t set;
    int low, fd;

    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    sigaddset(&set, SIGTERM);
    sigprocmask(SIG_SETMASK, &set, NULL);
    low = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    fd = fcntl(low, F_DUPFD_CLOEXEC, i->command.plan.fds);
    close(low);
    return fd;
}

/* Orphans that ended, and at last the command. */
static void reap(struct init *i)
{
    int status;
    pid_t pid;

    while (!i->ended && (pid = waitpid(-1, &status, WNOHANG | __WALL)) > 0) {
        if (pid != i->pid)
            continue;
        i->ended = true;
        i->report.status = status;
    }
}

/* The size of a tmpfs does not bound the number of its files, and each costs kernel memory. */
static bool is_flooded(const struct init *i)
{
    const char *const places[] = {"/tmp", "/dev/shm", i->command.files};
    uint64_t used = 0;
    struct statfs s;

    for (size_t n = 0; i->command.plan.inodes && n < sizeof(places) / sizeof(places[0]); n++)
        if (statfs(places[n], &s) == 0)
            used += s.f_files - s.f_ffree;
    return i->command.plan.inodes && used > i->command.plan.inodes;
}

/* Until the command has ended or an end is ordered. */
static void watch(struct init *i)
{
    struct pollfd p[] = {
        {.fd = i->control, .events = POLLIN}, {.fd = i->signals, .events = POLLIN}};

    while (!i->ended) {
        struct signalfd_siginfo info;

        if (poll(p, 2, i->command.plan.inodes ? LOOK_MS : -1) < 0 && errno != EINTR)
            return;
        while (read(i->signals, &info, sizeof(info)) == sizeof(info))
            if (info.ssi_signo == SIGTERM)
                p[0].revents = POLLHUP;
        reap(i);
        i->report.flooded = is_flooded(i);
        if (p[0].revents || i->report.flooded)
            return;
    }
}

static void count_zombies(struct init *i)
{
    while (waitpid(-1, NULL, WNOHANG | __WALL) > 0)
        i->report.zombies++;
}

static void add_usage(struct plan_report *r)
{
    struct rusage u;

    getrusage(RUSAGE_CHILDREN, &u);
    r->user_us = (uint64_t)u.ru_utime.tv_sec * 1000000 + (uint64_t)u.ru_utime.tv_usec;
    r->system_us = (uint64_t)u.ru_stime.tv_sec * 1000000 + (uint64_t)u.ru_stime.tv_usec;
    r->peak_bytes = (uint64_t)u.ru_maxrss * 1024;
}

static int prepare(struct init *i, const char *control, const char *plan)
{
    i->control = (int)strtol(control, NULL, 10);
    if (command_read(&i->command, (int)strtol(plan, NULL, 10)))
        return give_up(i, PLAN_READ);
    fcntl(i->control, F_SETFD, FD_CLOEXEC);
    i->signals = take_signals(i);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    prctl(PR_SET_DUMPABLE, i->command.plan.is_open);
    if (!i->command.plan.is_namespace)
        prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    return 0;
}

/* The directory with what a tool writes, for `lab` to read: opened here, because outside its name
 * leads to nothing. */
static int send_files(const struct init *i)
{
    uint32_t magic = PLAN_MAGIC;
    struct iovec bytes = {&magic, sizeof(magic)};
    union {
        struct cmsghdr align;
        char room[CMSG_SPACE(sizeof(int))];
    } control = {.room = {0}};
    struct msghdr m = {.msg_iov = &bytes,
        .msg_iovlen = 1,
        .msg_control = &control,
        .msg_controllen = sizeof(control)};
    int fd = open(i->command.files, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    ssize_t n = -1;

    if (fd < 0)
        return -1;
    *CMSG_FIRSTHDR(&m) = (struct cmsghdr){
        .cmsg_len = CMSG_LEN(sizeof(fd)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
    memcpy(CMSG_DATA(CMSG_FIRSTHDR(&m)), &fd, sizeof(fd));
    n = sendmsg(i->control, &m, MSG_NOSIGNAL);
    close(fd);
    return n < 0 ? -1 : 0;
}

/* What the command has is not ours to hold: a pipe's other end must see it close. */
static void let_go(const struct init *i)
{
    for (int fd = 0; fd < i->command.plan.fds; fd++)
        close(fd);
}

static unsigned end_tree(const struct init *i)
{
    const struct plan *p = &i->command.plan;
    struct tree t = {.kind = TREE_PLAIN, .group = i->pid, .user = p->uid};

    if (p->is_namespace)
        t.kind = TREE_NAMESPACE;
    else if (p->uid)
        t.kind = TREE_USER;
    return tree_end(&t);
}

int main(int argc, char **argv)
{
    struct init i = {0};

    if (argc == 3 && !strcmp(argv[1], "check"))
        return check_holes(!strcmp(argv[2], "namespaces"));
    if (argc != 3)
        return 2;
    if (prepare(&i, argv[1], argv[2]))
        return 1;
    if (*i.command.files && send_files(&i))
        return give_up(&i, PLAN_FILES);
    i.pid = command_start(&i.command, i.control);
    if (i.pid < 0)
        return give_up(&i, PLAN_FORK);
    let_go(&i);
    watch(&i);
    i.report.killed = !i.ended;
    if (i.ended)
        count_zombies(&i);
    i.report.survivors = end_tree(&i) - i.report.killed; /* without the command */
    add_usage(&i.report);
    return answer(&i);
}
