/* SPDX-License-Identifier: MIT */
#include "box/procs.h"

#include "base/buf.h"
#include "base/io.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct stat_line {
    char state;
    pid_t parent;
    pid_t session;
    uint64_t ticks;          /* its own */
    uint64_t children_ticks; /* of those that it waited for */
    unsigned threads;
    size_t pages;
};

struct process {
    pid_t pid;
    unsigned depth; /* below the root, which has 0 */
    bool is_ours;
    struct stat_line stat;
};

struct procs {
    pid_t root;
    unsigned skip;
    DIR *proc;
    bool has_children;    /* the kernel lists the children of a task */
    struct process *list; /* of the sample in hand */
    size_t count;
    size_t capacity;
    long ticks_per_second;
    size_t page;
};

static ssize_t read_at(int directory, const char *path, char *ret, size_t size)
{
    int fd = openat(directory, path, O_RDONLY | O_CLOEXEC);
    ssize_t n;

    if (fd < 0)
        return -1;
    n = read(fd, ret, size - 1);
    close(fd);
    ret[n > 0 ? n : 0] = '\0';
    return n;
}

/* A file of any length; in parts, as the kernel gives it. */
static void read_whole(int directory, const char *path, struct buf *ret)
{
    int fd = openat(directory, path, O_RDONLY | O_CLOEXEC);
    char part[4096];
    ssize_t n;

    while (fd >= 0 && (n = read(fd, part, sizeof(part))) > 0)
        buf_append(ret, part, (size_t)n);
    if (fd >= 0)
        close(fd);
}

static bool parse_stat(const char *line, struct stat_line *s)
{
    const char *end = strrchr(line, ')'); /* the name before it may hold anything */
    unsigned long long user, in_kernel, children_user, children_system;
    long threads, pages;

    if (!end || sscanf(end + 1,
                    " %c %d %*d %d %*d %*d %*u %*u %*u %*u %*u %llu %llu %llu %llu %*d %*d %ld %*d"
                    " %*u %*u %ld",
                    &s->state, &s->parent, &s->session, &user, &in_kernel, &children_user,
                    &children_system, &threads, &pages) != 9)
        return false;
    s->ticks = user + in_kernel;
    s->children_ticks = children_user + children_system;
    s->threads = threads > 0 ? (unsigned)threads : 1;
    s->pages = pages > 0 ? (size_t)pages : 0;
    return true;
}

static bool read_stat(const struct procs *p, pid_t pid, struct stat_line *ret)
{
    char path[64], line[1024];

    snprintf(path, sizeof(path), "%d/stat", (int)pid);
    return read_at(dirfd(p->proc), path, line, sizeof(line)) > 0 && parse_stat(line, ret);
}

static struct process *find(struct procs *p, pid_t pid)
{
    for (size_t i = 0; i < p->count; i++)
        if (p->list[i].pid == pid)
            return &p->list[i];
    return NULL;
}

static void add(struct procs *p, pid_t pid, unsigned depth)
{
    struct process c = {.pid = pid, .depth = depth};

    if (!read_stat(p, pid, &c.stat))
        return;
    if (p->count == p->capacity) {
        p->capacity = p->capacity ? 2 * p->capacity : 64;
        p->list = xrealloc(p->list, p->capacity * sizeof(*p->list));
    }
    p->list[p->count++] = c;
}

/* Calls `each` for the threads of a process until it returns false. */
static void for_threads(struct procs *p, pid_t pid,
    bool (*each)(struct procs *, const char *task, void *arg), void *arg)
{
    char path[64], task[96];
    struct dirent *e;
    DIR *tasks;
    int fd;

    snprintf(path, sizeof(path), "%d/task", (int)pid);
    fd = openat(dirfd(p->proc), path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    tasks = fd >= 0 ? fdopendir(fd) : NULL;
    if (!tasks) {
        if (fd >= 0)
            close(fd);
        return;
    }
    while ((e = readdir(tasks))) {
        snprintf(task, sizeof(task), "%s/%.16s", path, e->d_name);
        if (isdigit((unsigned char)e->d_name[0]) && !each(p, task, arg))
            break;
    }
    closedir(tasks);
}

/* The children that one thread has started, or was given as orphans: "4711 4712 ". */
static bool add_children(struct procs *p, const char *task, void *arg)
{
    const struct process *parent = arg;
    char path[128], *at, *end;
    struct buf text = BUF_EMPTY;
    long pid;

    snprintf(path, sizeof(path), "%s/children", task);
    read_whole(dirfd(p->proc), path, &text);
    for (at = text.data; at && (pid = strtol(at, &end, 10)) > 0; at = end)
        if (!find(p, (pid_t)pid)) /* it may have moved up while we were looking */
            add(p, (pid_t)pid, parent->depth + 1);
    buf_release(&text);
    return true;
}

/* From the root downwards; what is below nobody of ours is not looked at. */
static void list_tree(struct procs *p)
{
    p->count = 0;
    add(p, p->root, 0);
    for (size_t i = 0; i < p->count; i++) {
        const struct process parent = p->list[i]; /* a copy: the list moves when it grows */
        char task[64];

        p->list[i].is_ours = true;
        snprintf(task, sizeof(task), "%d/task/%d", (int)parent.pid, (int)parent.pid);
        if (parent.stat.threads == 1)
            add_children(p, task, (void *)&parent);
        else
            for_threads(p, parent.pid, add_children, (void *)&parent);
    }
}

/* All processes of the machine. */
static void list_all(struct procs *p)
{
    struct dirent *e;

    p->count = 0;
    rewinddir(p->proc);
    while ((e = readdir(p->proc)))
        if (isdigit((unsigned char)e->d_name[0]))
            add(p, (pid_t)strtol(e->d_name, NULL, 10), 0);
}

/* Marks the tree, parents before children as often as needed. */
static void mark_ours(struct procs *p)
{
    bool changed = true;

    while (changed) {
        changed = false;
        for (size_t i = 0; i < p->count; i++) {
            struct process *c = &p->list[i];
            struct process *parent = c->is_ours ? NULL : find(p, c->stat.parent);

            if (c->is_ours || (c->pid != p->root && (!parent || !parent->is_ours)))
                continue;
            c->is_ours = changed = true;
            c->depth = parent && parent->is_ours ? parent->depth + 1 : 0;
        }
    }
}

/* A kernel that was built without CONFIG_PROC_CHILDREN makes this slow on a full machine. */
static void list_ours(struct procs *p)
{
    if (p->has_children) {
        list_tree(p);
        return;
    }
    list_all(p);
    mark_ours(p);
}

/* How long a task has run, in nanoseconds; counts only up to its last wait, which is what we want.
 */
static uint64_t run_time(const struct procs *p, const char *task)
{
    char path[128], line[128];

    snprintf(path, sizeof(path), "%s/schedstat", task);
    if (read_at(dirfd(p->proc), path, line, sizeof(line)) <= 0)
        return 0;
    return strtoull(line, NULL, 10);
}

static bool look_at_thread(struct procs *p, const char *task, void *arg)
{
    struct procs_sample *s = arg;
    char path[128], line[1024];
    struct stat_line t;

    snprintf(path, sizeof(path), "%s/stat", task);
    if (read_at(dirfd(p->proc), path, line, sizeof(line)) > 0 && parse_stat(line, &t) &&
        t.state == 'R')
        s->runnable = true;
    s->activity += run_time(p, task);
    return !s->runnable;
}

static void look_at(struct procs *p, const struct process *c, struct procs_sample *s)
{
    uint64_t tick_us = 1000000 / (uint64_t)p->ticks_per_second;
    char name[16];

    snprintf(name, sizeof(name), "%d", (int)c->pid);
    s->cpu_us += c->stat.children_ticks * tick_us;
    s->activity += (uint64_t)c->pid + c->stat.children_ticks;
    if (c->depth < p->skip)
        return;
    s->cpu_us += c->stat.ticks * tick_us;
    s->processes++;
    s->tasks += c->stat.threads;
    s->resident += c->stat.pages * p->page;
    if (c->stat.state == 'R')
        s->runnable = true;
    if (c->stat.state == 'Z' || s->runnable)
        return;
    if (c->stat.threads == 1)
        s->activity += run_time(p, name);
    else
        for_threads(p, c->pid, look_at_thread, s);
}

struct procs *procs_open(pid_t root, unsigned skip)
{
    struct procs *p = xcalloc(1, sizeof(*p));

    p->root = root;
    p->skip = skip;
    p->proc = opendir("/proc");
    p->ticks_per_second = sysconf(_SC_CLK_TCK);
    p->page = (size_t)sysconf(_SC_PAGESIZE);
    if (!p->proc) {
        free(p);
        return NULL;
    }
    p->has_children = faccessat(dirfd(p->proc), "thread-self/children", R_OK, 0) == 0;
    return p;
}

void procs_sample(struct procs *p, struct procs_sample *ret)
{
    *ret = (struct procs_sample){0};
    list_ours(p);
    for (size_t i = 0; i < p->count; i++)
        if (p->list[i].is_ours)
            look_at(p, &p->list[i], ret);
}

size_t procs_proportional(struct procs *p)
{
    size_t sum = 0;

    for (size_t i = 0; i < p->count; i++) {
        const struct process *c = &p->list[i];
        char path[64], text[1024];
        const char *at;

        if (!c->is_ours || c->depth < p->skip || c->stat.state == 'Z')
            continue;
        snprintf(path, sizeof(path), "%d/smaps_rollup", (int)c->pid);
        if (read_at(dirfd(p->proc), path, text, sizeof(text)) > 0 && (at = strstr(text, "\nPss:")))
            sum += (size_t)strtoull(at + 5, NULL, 10) * 1024;
        else
            sum += c->stat.pages * p->page;
    }
    return sum;
}

/* "NSpid:\t4711\t2": the last one is what the process itself calls its pid. */
static pid_t pid_inside(const struct procs *p, pid_t pid)
{
    char path[64], text[4096];
    const char *line, *end;

    snprintf(path, sizeof(path), "%d/status", (int)pid);
    if (read_at(dirfd(p->proc), path, text, sizeof(text)) <= 0)
        return 0;
    line = strstr(text, "\nNSpid:");
    end = line ? strchr(line + 1, '\n') : NULL;
    if (!end)
        return pid;
    while (isdigit((unsigned char)end[-1]))
        end--;
    return (pid_t)strtol(end, NULL, 10);
}

bool procs_is_alive(struct procs *p, pid_t inside)
{
    list_ours(p);
    for (size_t i = 0; i < p->count; i++) {
        const struct process *c = &p->list[i];

        if (c->is_ours && c->stat.state != 'Z' && c->stat.state != 'X' &&
            pid_inside(p, c->pid) == inside)
            return true;
    }
    return false;
}

static unsigned count_user(uid_t user)
{
    DIR *proc = opendir("/proc");
    unsigned count = 0;
    struct dirent *e;

    while (proc && (e = readdir(proc))) {
        char path[64], line[1024];
        struct stat_line s;
        struct stat st;

        snprintf(path, sizeof(path), "%.20s/stat", e->d_name);
        if (isdigit((unsigned char)e->d_name[0]) && fstatat(dirfd(proc), e->d_name, &st, 0) == 0 &&
            st.st_uid == user && read_at(dirfd(proc), path, line, sizeof(line)) > 0 &&
            parse_stat(line, &s))
            count += s.threads;
    }
    if (proc)
        closedir(proc);
    return count;
}

unsigned procs_of_user(uid_t user)
{
    static unsigned known;
    static long long when_ms;
    long long now = io_now_ms();

    if (!known || now - when_ms >= 1000) {
        known = count_user(user);
        when_ms = now;
    }
    return known;
}

bool procs_kill_session(struct procs *p, pid_t session)
{
    bool found = false;

    list_all(p);
    for (size_t i = 0; i < p->count; i++) {
        if (p->list[i].stat.session != session)
            continue;
        found = true;
        kill(p->list[i].pid, SIGKILL);
        waitpid(p->list[i].pid, NULL, WNOHANG);
    }
    return found;
}

void procs_close(struct procs *p)
{
    if (!p)
        return;
    closedir(p->proc);
    free(p->list);
    free(p);
}
