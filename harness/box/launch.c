/* SPDX-License-Identifier: MIT */
#include "box/launch.h"

#include "base/io.h"
#include "box/plan.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { FDS_MOST = 16, ABOVE = 64 };

/* Where lab-init is: beside the running program, or one directory up (the kit's own tests). */
static const char *find_init(struct buf *err)
{
    static const char *const places[] = {"lab-init", "../lab-init"};
    static char found[PATH_MAX + 16];
    const char *given = getenv("LAB_INIT");
    char self[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

    if (given && *given)
        return given;
    if (*found)
        return found;
    self[n > 0 ? n : 0] = '\0';
    if (strrchr(self, '/'))
        *strrchr(self, '/') = '\0';
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        snprintf(found, sizeof(found), "%s/%s", self, places[i]);
        if (access(found, X_OK) == 0)
            return found;
    }
    *found = '\0';
    fail(err, "The program lab-init is missing beside %s: run `make`.", self);
    return NULL;
}

/* In the child: the descriptors of the command at their numbers, then control and plan; every other
 * one is closed. First all go up, so that none is overwritten before it was moved. */
static int arrange(const struct launch *l, int plan, int top)
{
    const struct box_spec *s = l->spec;
    int from[FDS_MOST + 5], to[FDS_MOST + 5], n = 0;

    from[n] = s->stdin_fd > 0 ? s->stdin_fd : open("/dev/null", O_RDONLY);
    to[n++] = 0;
    from[n] = l->out, to[n++] = 1;
    from[n] = l->err, to[n++] = 2;
    from[n] = l->control, to[n++] = top;
    from[n] = plan, to[n++] = top + 1;
    for (size_t i = 0; i < s->n_fds; i++)
        from[n] = s->fds[i].outside, to[n++] = s->fds[i].inside;
    for (int i = 0; i < n; i++)
        if ((from[i] = fcntl(from[i], F_DUPFD_CLOEXEC, ABOVE)) < 0)
            return -1;
    for (int fd = 0; fd < top + 2; fd++)
        close(fd);
    for (int i = 0; i < n; i++)
        if (dup2(from[i], to[i]) < 0)
            return -1;
    return (int)syscall(SYS_close_range, top + 2, ~0U, 0);
}

static _Noreturn void become_init(const struct launch *l, int plan, int top, const char *init)
{
    char control_number[16], plan_number[16];
    char *const argv[] = {"lab-init", control_number, plan_number, NULL};
    char *const envp[] = {NULL};
    sigset_t none;

    sigemptyset(&none);
    setsid(); /* Ctrl-C is for lab, and the command shall have no terminal */
    signal(SIGCHLD, SIG_DFL);
    snprintf(control_number, sizeof(control_number), "%d", top);
    snprintf(plan_number, sizeof(plan_number), "%d", top + 1);
    if (arrange(l, plan, top) == 0) {
        sigprocmask(SIG_SETMASK, &none, NULL);
        execve(init, argv, envp);
    }
    _exit(126); /* the end of the control socket without a report says enough */
}

static int check(const struct box_spec *s, int *ret_top, struct buf *err)
{
    int top = 3;

    if (!s->argv || !s->argv[0])
        return fail(err, "A box was started without a command.");
    if (s->n_fds > FDS_MOST)
        return fail(err, "A box passes at most %d descriptors.", FDS_MOST);
    for (size_t i = 0; i < s->n_fds; i++) {
        if (s->fds[i].inside < 3 || s->fds[i].inside >= ABOVE - 2)
            return fail(err, "A box passes descriptors as 3 to %d.", ABOVE - 3);
        if (s->fds[i].inside >= top)
            top = s->fds[i].inside + 1;
    }
    *ret_top = top;
    return 0;
}

pid_t launch(const struct launch *l, struct buf *err)
{
    const struct buf no_filter = BUF_EMPTY;
    const char *init = find_init(err);
    int top = 0, plan;
    pid_t pid;

    if (!init || check(l->spec, &top, err))
        return -1;
    plan = plan_write(l->spec, top, &no_filter, err);
    if (plan < 0)
        return -1;
    pid = fork();
    if (pid == 0)
        become_init(l, plan, top, init);
    if (pid < 0)
        fail_errno(err, "Cannot start another process");
    close(plan);
    return pid;
}
