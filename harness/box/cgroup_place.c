/* SPDX-License-Identifier: MIT */
#include "box/cgroup_place.h"

#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The group that lab itself goes to when its own one must be emptied. */
#define LEAF CGROUP_PREFIX "lab"

static bool has_word(const char *list, const char *word)
{
    size_t length = strlen(word);

    for (const char *at = strstr(list, word); at; at = strstr(at + 1, word))
        if ((at == list || strchr(" ,+", at[-1])) && (!at[length] || strchr(" ,\n", at[length])))
            return true;
    return false;
}

/* Calls `see` for each line of `text`, which is cut into lines. */
static void each_line(char *text, void (*see)(char *line, void *arg), void *arg)
{
    char *rest = NULL;

    for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
        see(line, arg);
}

/* One controller: where its hierarchy is mounted, and our group in it. */
struct hierarchy {
    const char *controller; /* NULL: version 2 */
    char *mount;
    char *root; /* the part of the hierarchy that is mounted */
    char *group;
};

static void see_mount(char *line, void *arg)
{
    struct hierarchy *h = arg;
    char root[4096], point[4096], type[64], options[4096];
    const char *dash = strstr(line, " - ");

    if (h->mount || !dash || sscanf(line, "%*d %*d %*s %4095s %4095s", root, point) != 2 ||
        sscanf(dash, " - %63s %*s %4095s", type, options) != 2)
        return;
    if (strcmp(type, h->controller ? "cgroup" : "cgroup2") ||
        (h->controller && !has_word(options, h->controller)))
        return;
    h->mount = xstrdup(point);
    h->root = xstrdup(root);
}

/* "4:memory:/some/group" */
static void see_group(char *line, void *arg)
{
    struct hierarchy *h = arg;
    char *list = strchr(line, ':'), *path = list ? strchr(list + 1, ':') : NULL;

    if (!path || h->group)
        return;
    *path++ = '\0';
    if (h->controller ? has_word(list + 1, h->controller) : !list[1])
        h->group = xstrdup(path);
}

static void hierarchy_find(struct hierarchy *h, const char *groups, const char *mounts)
{
    char *lines = xstrdup(mounts);

    each_line(lines, see_mount, h);
    free(lines);
    lines = xstrdup(groups);
    each_line(lines, see_group, h);
    free(lines);
}

static void hierarchy_release(struct hierarchy *h)
{
    free(h->mount);
    free(h->root);
    free(h->group);
}

/* The directory of our own group; of the uppermost one that is visible, where ours is not. */
static char *own_directory(const struct hierarchy *h)
{
    const char *group = h->group ? h->group : "/";
    size_t length = strlen(h->root);
    char *path;

    if (length > 1 && !strncmp(group, h->root, length))
        group += length;
    path = xasprintf("%s%s", h->mount, strcmp(group, "/") ? group : "");
    if (!io_is_directory(path)) {
        free(path);
        path = xstrdup(h->mount);
    }
    return path;
}

static bool file_has(const char *directory, const char *name, const char *word)
{
    char *path = io_path(directory, name);
    struct buf text = BUF_EMPTY;
    bool result = io_read_file(path, 65536, &text, NULL) == 0 && has_word(buf_text(&text), word);

    buf_release(&text);
    free(path);
    return result;
}

static int write_file(const char *directory, const char *name, const char *text)
{
    char *path = io_path(directory, name);
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    int result = fd >= 0 && write(fd, text, strlen(text)) > 0 ? 0 : -1;
    int saved = errno;

    if (fd >= 0)
        close(fd);
    free(path);
    errno = saved;
    return result;
}

static bool gives_both(const char *directory)
{
    return file_has(directory, "cgroup.subtree_control", "memory") &&
           file_has(directory, "cgroup.subtree_control", "pids");
}

/* With version 2 a group that gives controllers to its children may hold no process itself: all of
 * this group's go one down. */
static void empty(const char *directory)
{
    char *leaf = io_path(directory, LEAF), *list = io_path(directory, "cgroup.procs");
    struct buf pids = BUF_EMPTY;
    char *rest = NULL;

    mkdir(leaf, 0755);
    if (io_read_file(list, 0, &pids, NULL) == 0 && pids.length)
        for (char *pid = strtok_r(pids.data, "\n", &rest); pid; pid = strtok_r(NULL, "\n", &rest))
            write_file(leaf, "cgroup.procs", pid);
    buf_release(&pids);
    free(leaf);
    free(list);
}

static bool is_ours(const char *directory)
{
    struct stat st;

    return stat(directory, &st) == 0 && st.st_uid == geteuid();
}

static bool usable(const char *directory, bool may_empty)
{
    if (access(directory, W_OK))
        return false;
    if (gives_both(directory) ||
        write_file(directory, "cgroup.subtree_control", "+memory +pids") == 0)
        return gives_both(directory);
    if (errno != EBUSY || !may_empty || !is_ours(directory))
        return false;
    empty(directory);
    write_file(directory, "cgroup.subtree_control", "+memory +pids");
    return gives_both(directory);
}

/* Root begins at the top, where systemd has everything switched on; others have only their own
 * group, if that was given to them. Root empties only the top of a container. */
static char *find_version_2(const struct hierarchy *h)
{
    char *own = own_directory(h);
    size_t length = strlen(own), leaf = strlen("/" LEAF);
    bool is_root = geteuid() == 0;
    char *result = NULL;

    if (length > leaf && !strcmp(own + length - leaf, "/" LEAF))
        own[length - leaf] = '\0'; /* an earlier lab emptied it */
    if (is_root && usable(h->mount, false))
        result = xstrdup(h->mount);
    else if (usable(own, !is_root || !strcmp(own, h->mount)))
        result = xstrdup(own);
    free(own);
    return result;
}

static char *find_version_1(const struct hierarchy *h)
{
    char *own = h->mount ? own_directory(h) : NULL;

    if (own && access(own, W_OK) == 0)
        return own;
    free(own);
    return NULL;
}

int cgroup_find_place_in(
    const char *groups, const char *mounts, struct cgroup_place *ret, struct buf *err)
{
    struct hierarchy two = {0}, memory = {.controller = "memory"}, pids = {.controller = "pids"};
    struct cgroup_place found = CGROUP_PLACE_EMPTY;
    bool has_two;

    hierarchy_find(&two, groups, mounts);
    hierarchy_find(&memory, groups, mounts);
    hierarchy_find(&pids, groups, mounts);
    has_two = two.mount && file_has(two.mount, "cgroup.controllers", "memory");
    if (has_two) {
        found.memory = find_version_2(&two);
        found.version = 2;
    } else {
        found.memory = find_version_1(&memory);
        found.pids = find_version_1(&pids);
        found.version = 1;
    }
    if (found.memory && (has_two || found.pids))
        *ret = found;
    else if (!has_two && (!memory.mount || !pids.mount))
        fail(err, "No cgroup file system with the memory and pids controllers is mounted.");
    else
        fail(err, "The cgroup of this process (%s) cannot be written to.",
            has_two ? (two.group ? two.group : "/") : (memory.group ? memory.group : "/"));
    hierarchy_release(&two);
    hierarchy_release(&memory);
    hierarchy_release(&pids);
    if (found.memory && (has_two || found.pids))
        return 0;
    cgroup_place_release(&found);
    return -1;
}

static int look(struct cgroup_place *ret, struct buf *err)
{
    struct buf groups = BUF_EMPTY, mounts = BUF_EMPTY;
    int result = io_read_file("/proc/self/cgroup", 0, &groups, err) ||
                 io_read_file("/proc/self/mountinfo", 0, &mounts, err) ||
                 cgroup_find_place_in(buf_text(&groups), buf_text(&mounts), ret, err);

    buf_release(&groups);
    buf_release(&mounts);
    return result;
}

/* A process looks once, and keeps what it found or why it found nothing. */
int cgroup_find_place(struct cgroup_place *ret, struct buf *err)
{
    static struct cgroup_place known;
    static char *trouble;
    struct buf why = BUF_EMPTY;

    if (!known.memory && !trouble && look(&known, &why))
        trouble = buf_detach(&why);
    if (trouble)
        return fail(err, "%s", trouble);
    *ret = (struct cgroup_place){
        known.version, xstrdup(known.memory), known.pids ? xstrdup(known.pids) : NULL};
    return 0;
}

void cgroup_place_release(struct cgroup_place *p)
{
    free(p->memory);
    free(p->pids);
    *p = CGROUP_PLACE_EMPTY;
}
