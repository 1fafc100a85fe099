/* SPDX-License-Identifier: MIT */
#include "box/init/tree.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct entry {
    pid_t pid;
    pid_t parent;
    bool ours;
};

struct table {
    struct entry *entries;
    size_t count;
    size_t capacity;
};

static pid_t parent_of(const char *pid)
{
    char path[64], line[512];
    const char *end;
    ssize_t n;
    int fd;

    snprintf(path, sizeof(path), "/proc/%.20s/stat", pid);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return 0;
    n = read(fd, line, sizeof(line) - 1);
    close(fd);
    if (n <= 0)
        return 0;
    line[n] = '\0';
    end = strrchr(line, ')'); /* the name before it may hold anything */
    return end && strlen(end) > 4 ? (pid_t)strtol(end + 4, NULL, 10) : 0;
}

static void read_table(struct table *t)
{
    DIR *proc = opendir("/proc");
    struct dirent *e;

    t->count = 0;
    while (proc && (e = readdir(proc))) {
        if (!isdigit((unsigned char)e->d_name[0]))
            continue;
        if (t->count == t->capacity) {
            size_t capacity = t->capacity ? 2 * t->capacity : 256;
            struct entry *more = realloc(t->entries, capacity * sizeof(*more));

            if (!more)
                break; /* kill those that we know of */
            t->entries = more;
            t->capacity = capacity;
        }
        t->entries[t->count++] = (struct entry){
            (pid_t)strtol(e->d_name, NULL, 10), parent_of(e->d_name), false};
    }
    if (proc)
        closedir(proc);
}

static bool is_ours(const struct table *t, pid_t pid)
{
    for (size_t i = 0; i < t->count; i++)
        if (t->entries[i].pid == pid)
            return t->entries[i].ours;
    return false;
}

/* Parents are usually listed before their children, so one or two passes find the whole tree. */
static void mark_descendants(struct table *t)
{
    pid_t self = getpid();
    bool changed = true;

    while (changed) {
        changed = false;
        for (size_t i = 0; i < t->count; i++) {
            struct entry *e = &t->entries[i];

            if (e->ours || (e->parent != self && !is_ours(t, e->parent)))
                continue;
            e->ours = changed = true;
        }
    }
}

static void kill_descendants(struct table *t, int signal_number)
{
    read_table(t);
    mark_descendants(t);
    for (size_t i = 0; i < t->count; i++)
        if (t->entries[i].ours)
            kill(t->entries[i].pid, signal_number);
}

/* Waits for all that have ended; false when there are no children any more. */
static bool reap(unsigned *count)
{
    pid_t pid;

    while ((pid = waitpid(-1, NULL, WNOHANG | __WALL)) > 0)
        ++*count;
    return pid == 0 || errno != ECHILD;
}

/* One call that nothing can escape: it reaches every process of the user but the caller. */
static void kill_user(uid_t user)
{
    pid_t pid = fork();

    if (pid == 0) {
        if (setresuid(user, user, user) == 0)
            kill(-1, SIGKILL);
        _exit(0);
    }
    if (pid > 0)
        waitpid(pid, NULL, 0);
}

static void kill_plain(const struct tree *t, struct table *table)
{
    kill(-t->group, SIGKILL); /* atomic, for those that stayed in the group */
    /* Stopped first: a process that is about to respawn itself shall not win the race between our
     * look at the table and the signal. */
    kill_descendants(table, SIGSTOP);
    kill_descendants(table, SIGKILL);
}

unsigned tree_end(const struct tree *t)
{
    struct table table = {0};
    struct timespec pause = {.tv_nsec = 100000};
    unsigned count = 0;

    while (reap(&count)) {
        if (t->kind == TREE_NAMESPACE)
            kill(-1, SIGKILL);
        else if (t->kind == TREE_USER)
            kill_user(t->user);
        else
            kill_plain(t, &table);
        nanosleep(&pause, NULL);
        if (pause.tv_nsec < 2000000)
            pause.tv_nsec *= 2;
    }
    free(table.entries);
    return count;
}
