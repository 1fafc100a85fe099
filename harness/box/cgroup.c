/* SPDX-License-Identifier: MIT */
#include "box/cgroup.h"

#include "base/io.h"
#include "box/cgroup_place.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* One directory: of both controllers with version 2, of one each with version 1. */
struct group {
    char *path;
    int tasks; /* where who joins writes itself */
};

struct cgroup {
    int version;
    struct group memory;
    struct group pids; /* empty with version 2 */
    bool is_inside;    /* in the child: it was born there */
};

/* What each version calls what we need. To move a whole process, which is what cgroup.procs does,
 * the kernel waits until no process of the machine forks or ends: 10 ms for each box, in which both
 * stand still. A child of fork() has one thread, and version 1 can move just that one, for nothing;
 * with version 2 the child is born inside. */
static const struct names {
    const char *tasks;
    const char *limit;
    const char *swap;       /* may be missing */
    const char *swap_value; /* NULL: the same as the limit */
    const char *peak;       /* may be missing */
    const char *events;
} names[] = {
    [1] = {"tasks", "memory.limit_in_bytes", "memory.memsw.limit_in_bytes", NULL,
        "memory.max_usage_in_bytes", "memory.oom_control"},
    [2] = {"cgroup.procs", "memory.max", "memory.swap.max", "0", "memory.peak", "memory.events"},
};

static int write_text(const char *directory, const char *name, const char *text)
{
    char *path = io_path(directory, name);
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    int result = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text) ? 0 : -1;

    if (fd >= 0)
        close(fd);
    free(path);
    return result;
}

static int write_number(const char *directory, const char *name, size_t number)
{
    char text[32];

    snprintf(text, sizeof(text), "%zu", number);
    return write_text(directory, name, text);
}

/* The number after `key` in a file, or the only one in it when `key` is empty. */
static size_t read_number(const char *directory, const char *name, const char *key)
{
    char *path = io_path(directory, name);
    struct buf text = BUF_EMPTY;
    size_t number = 0;
    const char *at;

    if (io_read_file(path, 65536, &text, NULL) == 0 && (at = strstr(buf_text(&text), key)))
        number = (size_t)strtoull(at + strlen(key), NULL, 10);
    buf_release(&text);
    free(path);
    return number;
}

/* A grader in another pid namespace, whose pid says nothing here, may be about to use its group. */
static bool is_old(int parent, const char *name)
{
    struct stat st;

    return fstatat(parent, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && time(NULL) - st.st_mtime > 60;
}

/* Groups of graders that were killed: their names hold the pid, their processes are gone. */
static void sweep(const char *parent)
{
    DIR *d = opendir(parent);
    struct dirent *e;

    while (d && (e = readdir(d))) {
        int pid;

        if (sscanf(e->d_name, CGROUP_PREFIX "%d-", &pid) == 1 && kill(pid, 0) && errno == ESRCH &&
            is_old(dirfd(d), e->d_name))
            unlinkat(dirfd(d), e->d_name, AT_REMOVEDIR);
    }
    if (d)
        closedir(d);
}

static int group_make(struct group *g, const char *parent, int version, struct buf *err)
{
    static unsigned count;
    char *tasks;
    int failed;

    do { /* the same pid may be at work in another namespace */
        free(g->path);
        g->path = xasprintf("%s/" CGROUP_PREFIX "%d-%u", parent, (int)getpid(), count++);
        failed = mkdir(g->path, 0755);
    } while (failed && errno == EEXIST);
    if (failed)
        return fail_errno(err, "Cannot make the cgroup %s", g->path);
    tasks = io_path(g->path, names[version].tasks);
    g->tasks = open(tasks, O_WRONLY | O_CLOEXEC);
    free(tasks);
    return g->tasks < 0 ? fail_errno(err, "Cannot use the cgroup %s", g->path) : 0;
}

static int set_memory(const struct cgroup *g, size_t bytes, struct buf *err)
{
    const struct names *n = &names[g->version];

    if (write_number(g->memory.path, n->limit, bytes))
        return fail_errno(err, "Cannot set the memory limit of the cgroup %s", g->memory.path);
    /* Without swap accounting there is no such file; then there is usually no swap either. */
    if (n->swap_value)
        write_text(g->memory.path, n->swap, n->swap_value);
    else
        write_number(g->memory.path, n->swap, bytes);
    return 0;
}

static int fill(struct cgroup *g, size_t memory_bytes, unsigned tasks, struct buf *err)
{
    struct cgroup_place place = CGROUP_PLACE_EMPTY;
    static bool swept;
    int result = cgroup_find_place(&place, err);

    if (!result && !swept) {
        swept = true;
        sweep(place.memory);
        if (place.pids)
            sweep(place.pids);
    }
    if (!result) {
        g->version = place.version;
        result = group_make(&g->memory, place.memory, g->version, err) ||
                 set_memory(g, memory_bytes, err);
    }
    if (!result && g->version == 1)
        result = group_make(&g->pids, place.pids, g->version, err);
    if (!result && write_number(g->version == 1 ? g->pids.path : g->memory.path, "pids.max", tasks))
        result = fail_errno(err, "Cannot set the task limit of the cgroup %s", g->memory.path);
    cgroup_place_release(&place);
    return result ? -1 : 0;
}

struct cgroup *cgroup_create(size_t memory_bytes, unsigned tasks, struct buf *err)
{
    struct cgroup *g = xcalloc(1, sizeof(*g));

    g->memory.tasks = g->pids.tasks = -1;
    if (fill(g, memory_bytes, tasks, err) == 0)
        return g;
    cgroup_remove(g);
    return NULL;
}

/* glibc has no function for it. The child has one thread and what fork() would have given it. */
static pid_t fork_into(const char *directory)
{
    int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct clone_args args = {
        .flags = CLONE_INTO_CGROUP, .exit_signal = SIGCHLD, .cgroup = (uint64_t)fd};
    pid_t pid = fd < 0 ? -1 : (pid_t)syscall(SYS_clone3, &args, sizeof(args));

    if (fd >= 0)
        close(fd);
    return pid;
}

pid_t cgroup_fork(struct cgroup *g)
{
    pid_t pid = g->version == 2 ? fork_into(g->memory.path) : -1;

    if (pid == 0)
        g->is_inside = true;
    return pid;
}

int cgroup_join(const struct cgroup *g)
{
    const struct group *groups[] = {&g->memory, &g->pids};

    for (size_t i = 0; i < 2 && !g->is_inside; i++)
        if (groups[i]->tasks >= 0 && write(groups[i]->tasks, "0", 1) != 1)
            return -1;
    return 0;
}

void cgroup_usage(const struct cgroup *g, struct cgroup_usage *ret)
{
    const char *pids = g->version == 1 ? g->pids.path : g->memory.path;

    ret->peak_bytes = read_number(g->memory.path, names[g->version].peak, "");
    ret->memory_hits = (unsigned)read_number(g->memory.path, names[g->version].events, "oom_kill ");
    ret->task_hits = (unsigned)read_number(pids, "pids.events", "max ");
}

/* A group whose last process has just been buried may be busy for a moment. */
static void group_remove(struct group *g)
{
    if (g->tasks >= 0)
        close(g->tasks);
    for (int i = 0; g->path && i < 100 && rmdir(g->path) && errno == EBUSY; i++)
        usleep(1000);
    free(g->path);
}

void cgroup_remove(struct cgroup *g)
{
    if (!g)
        return;
    group_remove(&g->memory);
    group_remove(&g->pids);
    free(g);
}
