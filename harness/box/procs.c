/* SPDX-License-Identifier: MIT */
#include "box/procs.h"

#include "base/buf.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct stat_line {
    char state;
    pid_t parent;
    pid_t session;
    uint64_t ticks;          /* its own */
    uint64_t children_ticks; /* of those that it waited for */
    unsigned threads;
    uint64_t start;
    size_t pages;
};

struct process {
    pid_t pid;
    unsigned depth; /* below the root, which has 0 */
    bool is_ours;
    ino_t inode;
    struct stat_line stat;
};

/* Most processes of the machine are none of ours and never will be: the inode number of /proc/PID
 * tells a process from a later one with the same pid, so that these are read only once. Those that
 * are older than we are can be in no box that we will ever open: they are read once for all boxes.
 */
struct stranger {
    pid_t pid;
    ino_t inode;
};

enum { STRANGERS = 4096 };

static struct stranger elders[STRANGERS]; /* at pid modulo STRANGERS */

struct procs {
    pid_t root;
    unsigned skip;
    DIR *proc;
    struct process *list; /* of the sample in hand */
    size_t count;
    size_t capacity;
    struct stranger strangers[STRANGERS]; /* of this box; as above */
    uint64_t own_start;
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

static bool parse_stat(const char *line, struct stat_line *s)
{
    const char *end = strrchr(line, ')'); /* the name before it may hold anything */
    unsigned long long user, in_kernel, children_user, children_system, start;
    long threads, pages;

    if (!end || sscanf(end + 1,
                    " %c %d %*d %d %*d %*d %*u %*u %*u %*u %*u %llu %llu %llu %llu %*d %*d %ld %*d"
                    " %llu %*u %ld",
                    &s->state, &s->parent, &s->session, &user, &in_kernel, &children_user,
                    &children_system, &threads, &start, &pages) != 10)
        return false;
    s->ticks = user + in_kernel;
    s->children_ticks = children_user + children_system;
    s->threads = threads > 0 ? (unsigned)threads : 1;
    s->start = start;
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

static void add(struct procs *p, pid_t pid, ino_t inode, const struct stat_line *s)
{
    if (p->count == p->capacity) {
        p->capacity = p->capacity ? 2 * p->capacity : 64;
        p->list = xrealloc(p->list, p->capacity * sizeof(*p->list));
    }
    p->list[p->count++] = (struct process){
        .pid = pid, .is_ours = pid == p->root, .inode = inode, .stat = *s};
}

static bool is_known(const struct stranger *strangers, pid_t pid, ino_t inode)
{
    const struct stranger *known = &strangers[(unsigned)pid % STRANGERS];

    return known->pid == pid && known->inode == inode;
}

static void list_candidates(struct procs *p)
{
    struct dirent *e;

    p->count = 0;
    rewinddir(p->proc);
    while ((e = readdir(p->proc))) {
        pid_t pid = isdigit((unsigned char)e->d_name[0]) ? (pid_t)strtol(e->d_name, NULL, 10) : 0;
        struct stat_line s;

        if (pid <= 0 || is_known(elders, pid, e->d_ino) || is_known(p->strangers, pid, e->d_ino))
            continue;
        if (read_stat(p, pid, &s))
            add(p, pid, e->d_ino, &s);
    }
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

            if (!parent || !parent->is_ours)
                continue;
            c->is_ours = changed = true;
            c->depth = parent->depth + 1;
        }
    }
}

/* A process that is older than the root is not below it and never will be. */
static void remember_strangers(struct procs *p)
{
    const struct process *root = find(p, p->root);

    for (size_t i = 0; root && i < p->count; i++) {
        const struct process *c = &p->list[i];

        if (!c->is_ours && c->stat.start < root->stat.start) {
            struct stranger *table = c->stat.start < p->own_start ? elders : p->strangers;

            table[(unsigned)c->pid % STRANGERS] = (struct stranger){c->pid, c->inode};
        }
    }
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

static void look_at_threads(struct procs *p, const struct process *c, struct procs_sample *s)
{
    char path[64], task[96], line[1024];
    struct stat_line t;
    struct dirent *e;
    DIR *tasks;
    int fd;

    snprintf(path, sizeof(path), "%d/task", (int)c->pid);
    fd = openat(dirfd(p->proc), path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    tasks = fd >= 0 ? fdopendir(fd) : NULL;
    if (!tasks) {
        if (fd >= 0)
            close(fd);
        return;
    }
    while (!s->runnable && (e = readdir(tasks))) {
        if (!isdigit((unsigned char)e->d_name[0]))
            continue;
        snprintf(task, sizeof(task), "%s/%.16s/stat", path, e->d_name);
        if (read_at(dirfd(p->proc), task, line, sizeof(line)) > 0 && parse_stat(line, &t) &&
            t.state == 'R')
            s->runnable = true;
        task[strlen(task) - strlen("/stat")] = '\0';
        s->activity += run_time(p, task);
    }
    closedir(tasks);
}

static void look_at(struct procs *p, const struct process *c, struct procs_sample *s)
{
    uint64_t tick_us = 1000000 / (uint64_t)p->ticks_per_second;

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
    else if (c->stat.state != 'Z' && !s->runnable)
        look_at_threads(p, c, s);
}

struct procs *procs_open(pid_t root, unsigned skip)
{
    struct procs *p = xcalloc(1, sizeof(*p));
    struct stat_line own;

    p->root = root;
    p->skip = skip;
    p->proc = opendir("/proc");
    p->ticks_per_second = sysconf(_SC_CLK_TCK);
    p->page = (size_t)sysconf(_SC_PAGESIZE);
    if (!p->proc) {
        free(p);
        return NULL;
    }
    if (read_stat(p, getpid(), &own))
        p->own_start = own.start;
    return p;
}

void procs_sample(struct procs *p, struct procs_sample *ret)
{
    *ret = (struct procs_sample){0};
    list_candidates(p);
    mark_ours(p);
    remember_strangers(p);
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
    list_candidates(p);
    mark_ours(p);
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
    static time_t when;
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    if (!known || now.tv_sec != when) {
        known = count_user(user);
        when = now.tv_sec;
    }
    return known;
}

bool procs_kill_session(struct procs *p, pid_t session)
{
    bool found = false;

    list_candidates(p);
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
