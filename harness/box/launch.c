/* SPDX-License-Identifier: MIT */
#include "box/launch.h"

#include "box/cgroup_place.h"
#include "box/directory.h"
#include "box/plan.h"
#include "box/procs.h"
#include "box/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { FDS_MOST = 16, ABOVE = 64, SUPERVISOR_BYTES = 4 << 20 };

void box_look_around(void)
{
    struct cgroup_place place = CGROUP_PLACE_EMPTY;

    if (cgroup_find_place(&place, NULL))
        procs_of_user(geteuid()); /* for the fence */
    cgroup_place_release(&place);
}

/* Beside the running program, or one directory up (the kit's own tests). */
const char *launch_init(struct buf *err)
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
    if (n < 0) {
        fail(err, "/proc is not mounted, and without it no box can be watched.");
        return NULL;
    }
    self[n] = '\0';
    if (strrchr(self, '/'))
        *strrchr(self, '/') = '\0';
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        snprintf(found, sizeof(found), "%s/%s", self, places[i]);
        if (access(found, X_OK) == 0)
            return found;
    }
    *found = '\0';
    fail(err, "The program lab-init is missing beside %s: run `make check`.", self);
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
    for (int fd = 0; fd < top + 2 && l->layers.closed; fd++)
        close(fd);
    for (int i = 0; i < n; i++)
        if (dup2(from[i], to[i]) < 0)
            return -1;
    return l->layers.closed ? (int)syscall(SYS_close_range, top + 2, ~0U, 0) : 0;
}

/* Root that cannot mount makes its user namespace as the slot's user: outside of it, that is who
 * the command will be. */
static bool drops_early(const struct launch *l)
{
    return l->layers.new_user && l->slot.user;
}

static int drop_early(const struct launch *l)
{
    uid_t id = l->slot.user;

    if (!drops_early(l))
        return 0;
    return setgroups(0, NULL) || setresgid(id, id, id) || setresuid(id, id, id) ? -1 : 0;
}

/* Runs in the child and does not come back: it may share our memory (give_birth()), of which
 * it changes nothing but its own part of the stack. What it prints ends up in lab's sentence. */
static _Noreturn void become(const struct launch *l, int plan, int top, char **argv)
{
    char *const environment[] = {NULL};
    sigset_t none;

    sigemptyset(&none);
    setsid(); /* Ctrl-C is for lab, and the command shall have no terminal */
    signal(SIGCHLD, SIG_DFL);
    signal(SIGPIPE, SIG_DFL);
    if (l->cgroup && cgroup_join(l->cgroup))
        dprintf(l->err, "The cgroup cannot be joined: %s.", strerror(errno));
    else if (arrange(l, plan, top))
        dprintf(l->err, "The descriptors cannot be arranged: %s.", strerror(errno));
    else if (drop_early(l))
        dprintf(2, "The user id %u cannot be taken: %s.", l->slot.user, strerror(errno));
    else {
        sigprocmask(SIG_SETMASK, &none, NULL);
        execve(argv[0], argv, environment);
        dprintf(2, "%s cannot be started: %s.", argv[0], strerror(errno));
    }
    _exit(126);
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

/* Outside a mount namespace a command has no /tmp of its own. */
static int make_directory(struct launch *l, struct buf *err)
{
    if (l->layers.namespaces || l->spec->level == BOX_LIMITS)
        return 0;
    l->directory = directory_make(l->slot.user, err);
    return l->directory ? 0 : -1;
}

/* Without a sandbox a cgroup is welcome, not required: it holds a fork bomb, which grows faster
 * than anybody can look. */
static int make_cgroup(struct launch *l, struct buf *err)
{
    const struct box_limits *limits = &l->spec->limits;
    struct buf why = BUF_EMPTY;
    int result = 0;

    l->cgroup = cgroup_create(
        limits->memory_bytes + SUPERVISOR_BYTES, limits->tasks + l->supervisors, &why);
    if (!l->cgroup && l->spec->level == BOX_LIMITS)
        l->layers.cgroup = false;
    else if (!l->cgroup)
        result = fail(err, "The level \"full\" needs a cgroup. %s `lab doctor` says what to do.",
            buf_text(&why));
    buf_release(&why);
    return result;
}

static int take(struct launch *l, struct buf *err)
{
    l->layers = layers_of(l->spec);
    l->supervisors = l->layers.namespaces ? 2 : 1;
    if (l->layers.slot && slot_take(&l->slot, err))
        return -1;
    if (l->spec->level == BOX_REDUCED && sandbox_check_binds(l->spec, err))
        return -1;
    if (make_directory(l, err))
        return -1;
    return l->layers.cgroup ? make_cgroup(l, err) : 0;
}

/* lab-init with its two descriptors, behind bubblewrap where there are namespaces. */
static int command(const struct launch *l, int top, struct list *ret, struct buf *err)
{
    const char *init = launch_init(err);

    if (!init)
        return -1;
    if (l->layers.namespaces && sandbox_command(l->spec, &l->layers, init, ret, err))
        return -1;
    list_add(ret, l->layers.namespaces ? SANDBOX_INIT : init);
    list_addf(ret, "%d", top);
    list_addf(ret, "%d", top + 1);
    return 0;
}

/* vfork() copies nothing, where fork() copies the page tables of two dozen libraries for a child
 * that is soon another program. But who shares our memory must not be anybody else's. */
static pid_t give_birth(const struct launch *l, int plan, int top, char **argv)
{
    pid_t pid = l->cgroup ? cgroup_fork(l->cgroup) : -1;

    if (pid < 0)
        pid = drops_early(l) ? fork() : vfork();
    if (pid == 0)
        become(l, plan, top, argv);
    return pid;
}

int launch_start(struct launch *l, struct buf *err)
{
    struct list argv = LIST_EMPTY;
    int top = 0, plan = -1;

    if (!check(l->spec, &top, err) && !take(l, err) && !command(l, top, &argv, err))
        plan = plan_write(l, top, err);
    if (plan >= 0) {
        l->pid = give_birth(l, plan, top, argv.words);
        if (l->pid < 0)
            fail_errno(err, "Cannot start another process");
        close(plan);
    }
    list_release(&argv);
    return l->pid > 0 ? 0 : -1;
}

void launch_release(struct launch *l)
{
    cgroup_remove(l->cgroup);
    slot_release(&l->slot);
    directory_remove(l->directory);
    *l = LAUNCH_EMPTY;
}
