/* SPDX-License-Identifier: MIT */
#include "box/init/command.h"

#include "box/init/landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* `count` strings from `at`, as a vector; `at` moves behind them. */
static char **strings(char **at, const char *end, uint32_t count)
{
    char **vector = calloc((size_t)count + 1, sizeof(*vector));

    if (!vector)
        return NULL;
    for (uint32_t i = 0; i < count; i++) {
        if (*at >= end)
            return NULL;
        vector[i] = *at;
        *at += strlen(*at) + 1;
    }
    return vector;
}

int command_read(struct command *c, int fd)
{
    struct stat st;
    char *text, *at;

    if (fstat(fd, &st) || pread(fd, &c->plan, sizeof(c->plan), 0) != (ssize_t)sizeof(c->plan))
        return -1;
    errno = EINVAL;
    if (c->plan.magic != PLAN_MAGIC ||
        (uint64_t)st.st_size != sizeof(c->plan) + (uint64_t)c->plan.bytes + c->plan.filter)
        return -1;
    text = calloc(1, (size_t)st.st_size + 1);
    if (!text || pread(fd, text, (size_t)st.st_size, sizeof(c->plan)) + sizeof(c->plan) !=
                     (size_t)st.st_size)
        return -1;
    at = text;
    c->argv = strings(&at, text + c->plan.bytes, c->plan.n_argv);
    c->envp = c->argv ? strings(&at, text + c->plan.bytes, c->plan.n_envp) : NULL;
    c->paths = c->envp ? strings(&at, text + c->plan.bytes, c->plan.n_paths) : NULL;
    c->cwd = at;
    c->files = c->paths ? at + strlen(at) + 1 : "";
    c->filter = text + c->plan.bytes;
    close(fd);
    return c->paths ? 0 : -1;
}

static int set_limits(const struct plan *p)
{
    for (int i = 0; i < PLAN_RLIMITS; i++) {
        const struct plan_rlimit *l = &p->rlimits[i];
        struct rlimit now, limit = {l->value, l->value};

        if (!l->set || getrlimit((int)l->resource, &now))
            continue;
        if (limit.rlim_max > now.rlim_max) /* we may be limited ourselves */
            limit.rlim_cur = limit.rlim_max = now.rlim_max;
        if (setrlimit((int)l->resource, &limit))
            return -1;
    }
    return 0;
}

/* When memory runs out the kernel shall choose the command, and neither lab nor lab-init. */
static void be_the_first_victim(void)
{
    int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

    if (fd >= 0) {
        (void)!write(fd, "1000", 4);
        close(fd);
    }
}

static void forget_signals(void)
{
    sigset_t none;

    for (int number = 1; number < NSIG; number++)
        signal(number, SIG_DFL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

static int pin(int cpu)
{
    cpu_set_t set;

    if (cpu < 0)
        return 0;
    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    return sched_setaffinity(0, sizeof(set), &set);
}

/* For good: real, effective and saved ids, no other groups. */
static int drop_user(uint32_t id)
{
    if (!id)
        return 0;
    return setgroups(0, NULL) || setresgid(id, id, id) || setresuid(id, id, id) ? -1 : 0;
}

static int set_filter(const struct command *c)
{
    struct sock_fprog program = {
        .len = (unsigned short)(c->plan.filter / sizeof(struct sock_filter)),
        .filter = c->filter,
    };

    if (!c->plan.filter)
        return 0;
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

/* The order matters: what needs a right comes before what takes it away. */
static enum plan_step become(const struct command *c)
{
    setpgid(0, 0);
    forget_signals();
    prctl(PR_SET_DUMPABLE, 1); /* else /proc/self would belong to root */
    be_the_first_victim();
    if (c->plan.no_aslr)
        personality(ADDR_NO_RANDOMIZE);
    if (pin(c->plan.cpu) || set_limits(&c->plan))
        return PLAN_LIMITS;
    if (drop_user(c->plan.uid))
        return PLAN_USER;
    if (*c->cwd && chdir(c->cwd))
        return PLAN_CWD;
    if ((c->plan.n_paths || c->plan.filter || c->plan.uid) &&
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
        return PLAN_FILTER;
    if (c->plan.n_paths && landlock_only(c->paths))
        return PLAN_LANDLOCK;
    if (set_filter(c))
        return PLAN_FILTER;
    execve(c->argv[0], c->argv, c->envp);
    return PLAN_EXEC;
}

pid_t command_start(const struct command *c, int control)
{
    pid_t pid = fork();
    struct plan_report report = {.magic = PLAN_MAGIC};

    if (pid)
        return pid;
    report.failed = become(c);
    report.error = errno;
    send(control, &report, sizeof(report), MSG_NOSIGNAL);
    _exit(127);
}
