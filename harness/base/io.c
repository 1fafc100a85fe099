/* SPDX-License-Identifier: MIT */
#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

int io_read_file(const char *path, size_t most, struct buf *ret, struct buf *err)
{
    char chunk[65536];
    ssize_t n;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    int result = -1;

    buf_clear(ret);
    if (fd < 0)
        return fail_errno(err, "Cannot read %s", path);
    while ((n = read(fd, chunk, sizeof(chunk))) != 0) {
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            fail_errno(err, "Cannot read %s", path);
            goto out;
        }
        if (most && ret->length + (size_t)n > most) {
            fail(err, "%s is larger than the %zu KiB that are read.", path, most / 1024);
            goto out;
        }
        buf_append(ret, chunk, (size_t)n);
    }
    result = 0;
out:
    close(fd);
    return result;
}

int io_write_all(int fd, const void *bytes, size_t length)
{
    const char *at = bytes;

    while (length) {
        ssize_t n = write(fd, at, length);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        at += n;
        length -= (size_t)n;
    }
    return 0;
}

int io_write_file(const char *path, const void *bytes, size_t length, struct buf *err)
{
    char *temporary = xasprintf("%s.tmp.%d", path, (int)getpid());
    int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    int result = -1;

    if (fd < 0) {
        fail_errno(err, "Cannot write %s", path);
        goto out;
    }
    if (io_write_all(fd, bytes, length) || fsync(fd)) {
        fail_errno(err, "Cannot write %s", path);
        close(fd);
        unlink(temporary);
        goto out;
    }
    close(fd);
    if (rename(temporary, path)) {
        fail_errno(err, "Cannot put %s in its place", path);
        unlink(temporary);
        goto out;
    }
    result = 0;
out:
    free(temporary);
    return result;
}

int io_make_directories(const char *path, struct buf *err)
{
    char *partial = xstrdup(path);
    int result = 0;

    for (char *slash = strchr(partial + 1, '/'); !result; slash = strchr(slash + 1, '/')) {
        if (slash)
            *slash = '\0';
        if (mkdir(partial, 0777) && errno != EEXIST)
            result = fail_errno(err, "Cannot make the directory %s", partial);
        if (!slash)
            break;
        *slash = '/';
    }
    if (!result && !io_is_directory(path))
        result = fail(err, "%s is in the way: it is not a directory.", path);
    free(partial);
    return result;
}

int io_remove_tree(const char *path, struct buf *err)
{
    char *const paths[] = {(char *)path, NULL};
    FTS *tree = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
    int result = 0;
    FTSENT *entry;

    if (!tree)
        return fail_errno(err, "Cannot remove %s", path);
    while ((entry = fts_read(tree))) {
        if (entry->fts_info == FTS_D || entry->fts_info == FTS_NS)
            continue;
        if (remove(entry->fts_accpath) && errno != ENOENT)
            result = fail_errno(err, "Cannot remove %s", entry->fts_path);
    }
    fts_close(tree);
    return result;
}

bool io_is_file(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

bool io_is_directory(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

char *io_path(const char *directory, const char *name)
{
    return xasprintf("%s/%s", directory, name);
}

const char *io_base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

char *io_make_temporary(const char *prefix, struct buf *err)
{
    const char *top = getenv("TMPDIR");
    char *path = xasprintf("%s/%s.XXXXXX", top && *top ? top : "/tmp", prefix);

    if (!mkdtemp(path)) {
        fail_errno(err, "Cannot make a temporary directory %s", path);
        free(path);
        return NULL;
    }
    return path;
}

int io_share_directory(const char *path, struct buf *err)
{
    if (chmod(path, geteuid() == 0 ? 0777 : 0700))
        return fail_errno(err, "Cannot share the directory %s", path);
    return 0;
}

long long io_now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}
