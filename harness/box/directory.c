/* SPDX-License-Identifier: MIT */
#include "box/directory.h"

#include "base/io.h"
#include "box/slot.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define PREFIX "interleave-box-"

/* Nobody else can have put it there: it is ours, or belongs to a user that only boxes have. */
static bool is_ours(int top, const char *name)
{
    struct stat st;

    return fstatat(top, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(st.st_mode) &&
           (st.st_uid == geteuid() ||
               (st.st_uid >= SLOT_FIRST && st.st_uid < SLOT_FIRST + SLOT_COUNT));
}

static void sweep(const char *top)
{
    DIR *d = opendir(top);
    struct dirent *e;

    while (d && (e = readdir(d))) {
        int pid;

        if (sscanf(e->d_name, PREFIX "%d.", &pid) == 1 && kill(pid, 0) && errno == ESRCH &&
            is_ours(dirfd(d), e->d_name))
            directory_remove(io_path(top, e->d_name));
    }
    if (d)
        closedir(d);
}

char *directory_make(uid_t user, struct buf *err)
{
    static bool swept;
    const char *top = getenv("TMPDIR");
    char prefix[64];
    char *path;

    if (!swept)
        sweep(top && *top ? top : "/tmp");
    swept = true;
    snprintf(prefix, sizeof(prefix), PREFIX "%d", (int)getpid());
    path = io_make_temporary(prefix, err);
    if (path && user && chown(path, user, user)) {
        fail_errno(err, "Cannot give %s away", path);
        directory_remove(path);
        path = NULL;
    }
    return path;
}

void directory_remove(char *path)
{
    if (path)
        io_remove_tree(path, NULL);
    free(path);
}
