/* SPDX-License-Identifier: MIT */
#include "box/alive.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What /proc/<pid>/status says: its state, and its number in the innermost pid namespace. */
struct status {
    char state;
    long inside;
};

static bool read_status(const char *pid, struct status *ret)
{
    char path[64], line[512];
    FILE *f;

    *ret = (struct status){0};
    snprintf(path, sizeof(path), "/proc/%.20s/status", pid);
    f = fopen(path, "re");
    if (!f)
        return false;
    while (fgets(line, sizeof(line), f)) {
        const char *last = strrchr(line, '\t');

        if (!strncmp(line, "State:", 6))
            (void)!sscanf(line + 6, " %c", &ret->state);
        else if (!strncmp(line, "NSpid:", 6) && last)
            ret->inside = strtol(last, NULL, 10);
    }
    fclose(f);
    return ret->state && ret->inside;
}

/* "pid:[4026531836]" of a process; empty when it is gone or not ours to ask. */
static void read_namespace(const char *pid, char *ret, size_t size)
{
    char path[64];
    ssize_t n;

    snprintf(path, sizeof(path), "/proc/%.20s/ns/pid", pid);
    n = readlink(path, ret, size - 1);
    ret[n > 0 ? n : 0] = '\0';
}

bool box_is_alive(const struct box *b, int pid_inside)
{
    char first[32], own[64], other[64];
    DIR *proc = opendir("/proc");
    struct dirent *entry;
    bool alive = false;

    if (!proc)
        return true; /* not known: no deadlock is claimed */
    snprintf(first, sizeof(first), "%d", box_pid(b));
    read_namespace(first, own, sizeof(own));
    while (!alive && (entry = readdir(proc))) {
        struct status s;

        if (!isdigit((unsigned char)entry->d_name[0]) || !read_status(entry->d_name, &s) ||
            s.inside != pid_inside || s.state == 'Z' || s.state == 'X')
            continue;
        read_namespace(entry->d_name, other, sizeof(other));
        alive = !strcmp(own, other);
    }
    closedir(proc);
    return alive;
}
