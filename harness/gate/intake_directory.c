/* SPDX-License-Identifier: MIT */
#include "gate/intake_open.h"
#include "gate/intake_sink.h"

#include "base/clean.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct walk {
    struct intake_sink *sink;
    const char *name; /* of the submission, for sentences */
    size_t entries;
    struct buf path; /* of the directory at hand, with a final '/', or empty */
    struct buf *err;
};

struct names {
    char **items;
    size_t count;
};

static void names_release(struct names *names)
{
    for (size_t i = 0; i < names->count; i++)
        free(names->items[i]);
    free(names->items);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* All names of a directory, sorted, so that the same submission always reads the same. */
static int list_names(struct walk *walk, int fd, struct names *ret)
{
    int again = dup(fd);
    DIR *directory = again >= 0 ? fdopendir(again) : NULL;
    size_t capacity = 0;
    const struct dirent *entry;

    if (directory == NULL) {
        if (again >= 0)
            close(again);
        return fail_errno(
            walk->err, "A directory of the submission `%s` cannot be read", walk->name);
    }
    while ((entry = readdir(directory)) != NULL && walk->entries <= INTAKE_ENTRIES) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        walk->entries++;
        if (ret->count == capacity) {
            capacity = capacity ? 2 * capacity : 32;
            ret->items = xrealloc(ret->items, capacity * sizeof *ret->items);
        }
        ret->items[ret->count++] = xstrdup(entry->d_name);
    }
    closedir(directory);
    if (ret->count > 1)
        qsort(ret->items, ret->count, sizeof *ret->items, by_name);
    if (walk->entries > INTAKE_ENTRIES)
        return fail(walk->err,
            "The submission `%s` has more than %d files. Hand in the C files only.", walk->name,
            INTAKE_ENTRIES);
    return 0;
}

/* It was there a moment ago: what has been put in its place meanwhile is the student's doing, all
 * else (no permission, a disk that fails, no memory) is the machine's. */
static bool is_ours(int reason)
{
    return reason != ELOOP && reason != ENOENT && reason != ENOTDIR && reason != EXDEV;
}

/* Opens, and makes sure that it is still the regular file that was looked at. */
static void read_file(struct walk *walk, int directory, const char *name, const struct stat *seen)
{
    struct buf bytes = BUF_EMPTY;
    struct stat st;
    int fd = intake_open_beneath(directory, name, O_RDONLY);

    if (fd < 0 && is_ours(errno))
        sink_cannot_read(walk->sink, buf_text(&walk->path), errno);
    else if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_ino != seen->st_ino ||
             st.st_dev != seen->st_dev)
        sink_refuse(walk->sink, "cannot be read and was not taken.");
    else if (intake_read_fd(fd, INTAKE_FILE_BYTES + 1, &bytes) < 0)
        sink_cannot_read(walk->sink, buf_text(&walk->path), errno);
    else
        sink_take(walk->sink, buf_text(&bytes), bytes.length);
    if (fd >= 0)
        close(fd);
    buf_release(&bytes);
}

static const char *why_not_regular(mode_t mode)
{
    static const struct {
        mode_t type;
        const char *reason;
    } kinds[] = {
        {S_IFLNK, "is a link, and links are not followed."},
        {S_IFIFO, "is a FIFO and no file; it was not opened."},
        {S_IFSOCK, "is a socket and no file; it was not opened."},
        {S_IFCHR, "is a device and no file; it was not opened."},
        {S_IFBLK, "is a device and no file; it was not opened."},
    };

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if ((mode & S_IFMT) == kinds[i].type)
            return kinds[i].reason;
    return "is no regular file.";
}

static int walk_directory(struct walk *walk, int fd, unsigned depth);

static int enter(struct walk *walk, int parent, const char *name, unsigned depth)
{
    if (!sink_enters(name))
        return 0;
    if (depth == INTAKE_DEPTH) {
        sink_remark(walk->sink, false, NULL, buf_text(&walk->path),
            "lies too deep below the submission; what is in there was not looked at.");
        return 0;
    }
    int fd = intake_open_beneath(parent, name, O_RDONLY | O_DIRECTORY);
    if (fd < 0 && is_ours(errno)) {
        sink_cannot_read(walk->sink, buf_text(&walk->path), errno);
        return 0;
    }
    if (fd < 0) {
        sink_remark(walk->sink, true, NULL, buf_text(&walk->path), "cannot be opened.");
        return 0;
    }
    buf_putc(&walk->path, '/');
    int result = walk_directory(walk, fd, depth + 1);
    close(fd);
    return result;
}

/* One name in the directory; walk->path is its path. */
static int visit(struct walk *walk, int directory, const char *name, unsigned depth)
{
    struct stat st;

    if (fstatat(directory, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
        return 0; /* gone meanwhile */
    if (S_ISDIR(st.st_mode))
        return enter(walk, directory, name, depth);

    const char *path = buf_text(&walk->path);
    bool wanted = sink_offer(walk->sink, path);
    if (wanted && S_ISREG(st.st_mode))
        read_file(walk, directory, name, &st);
    else if (wanted)
        sink_refuse(walk->sink, why_not_regular(st.st_mode));
    else if (!S_ISREG(st.st_mode))
        sink_remark(walk->sink, true, NULL, path, why_not_regular(st.st_mode));
    return 0;
}

static int walk_directory(struct walk *walk, int fd, unsigned depth)
{
    struct names names = {0};
    size_t length = walk->path.length;
    int result = list_names(walk, fd, &names);

    for (size_t i = 0; i < names.count && result == 0; i++) {
        buf_puts(&walk->path, names.items[i]);
        result = visit(walk, fd, names.items[i], depth);
        walk->path.length = length;
        walk->path.data[length] = '\0';
    }
    names_release(&names);
    return result;
}

int intake_read_directory(struct intake_sink *sink, int fd, const char *name, struct buf *err)
{
    struct walk walk = {.sink = sink, .name = name, .err = err};
    int result = walk_directory(&walk, fd, 0);

    buf_release(&walk.path);
    if (!result && sink->unreadable.length && sink_misses_some(sink))
        result = fail(err,
            "The submission `%s` cannot be read in full: %s. Whoever grades must be allowed to read it.",
            name, buf_text(&sink->unreadable));
    return result;
}
