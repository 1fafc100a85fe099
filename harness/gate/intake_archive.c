/* SPDX-License-Identifier: MIT */
#include "gate/foreign.h"
#include "gate/intake_sink.h"
#include "gate/intake_worker.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

/* One archive while it is read, in the child process. */
struct unpacking {
    struct intake_sink *sink;
    const char *name; /* of the submission */
    struct archive *archive;
    int64_t packed;
    int64_t unpacked; /* what the headers say so far */
    size_t entries;
    struct buf *err;
};

/* Only what students' tools make, and no filter that would start a program. */
static struct archive *open_archive(int fd)
{
    struct archive *a = archive_read_new();

    if (a == NULL)
        return NULL;
    archive_read_support_format_zip(a);
    archive_read_support_format_tar(a);
    archive_read_support_filter_gzip(a);
    archive_read_support_filter_xz(a);
    archive_read_support_filter_zstd(a);
    if (archive_read_open_fd(a, fd, 16384) == ARCHIVE_OK)
        return a;
    archive_read_free(a);
    return NULL;
}

/* Whether it unpacks to more than a submission can need: said before it is unpacked. */
static bool is_bomb(struct unpacking *u, int64_t size)
{
    int64_t sum = u->unpacked + (size > 0 ? size : 0);
    int64_t streamed = archive_filter_bytes(u->archive, 0);

    u->unpacked = sum;
    if (streamed > sum)
        sum = streamed;
    return sum > INTAKE_UNPACKED_BYTES || size > INTAKE_UNPACKED_BYTES ||
           (sum > 16 << 20 && sum / INTAKE_RATIO > u->packed);
}

/* The path without empty and "." components; NULL when it leads out of the archive, or is none. */
static char *tidy_path(const char *path)
{
    struct buf tidy = BUF_EMPTY;

    if (path == NULL || path[0] == '/')
        return NULL;
    for (const char *at = path; *at != '\0';) {
        size_t word = strcspn(at, "/");

        if (word == 2 && strncmp(at, "..", 2) == 0) {
            buf_release(&tidy);
            return NULL;
        }
        if (word > 0 && !(word == 1 && *at == '.')) {
            if (tidy.length > 0)
                buf_putc(&tidy, '/');
            buf_append(&tidy, at, word);
        }
        at += word + (at[word] == '/');
    }
    return tidy.length > 0 ? buf_detach(&tidy) : NULL;
}

/* NULL for a regular file or a directory. */
static const char *why_not_regular(struct archive_entry *entry)
{
    if (archive_entry_hardlink(entry) != NULL || archive_entry_filetype(entry) == AE_IFLNK)
        return "is a link, and links are not followed.";
    if (archive_entry_is_encrypted(entry))
        return "is encrypted and cannot be read. Hand in an archive without a password.";
    if (archive_entry_filetype(entry) == AE_IFREG || archive_entry_filetype(entry) == AE_IFDIR)
        return NULL;
    return "is a device, FIFO or socket and no file.";
}

static void take(struct unpacking *u)
{
    struct buf bytes = BUF_EMPTY;
    char block[16384];
    la_ssize_t got = 0;

    while (bytes.length <= INTAKE_FILE_BYTES &&
           (got = archive_read_data(u->archive, block, sizeof block)) > 0)
        buf_append(&bytes, block, (size_t)got);
    if (got < 0)
        sink_refuse(u->sink, "is damaged in the archive and was not taken.");
    else
        sink_take(u->sink, buf_text(&bytes), bytes.length);
    buf_release(&bytes);
}

static bool is_deep(const char *path)
{
    size_t depth = 0;

    for (; *path != '\0'; path++)
        depth += *path == '/';
    return depth > INTAKE_DEPTH;
}

static void visit(struct unpacking *u, struct archive_entry *entry)
{
    const char *raw = archive_entry_pathname(entry);
    char *path = tidy_path(raw);
    const char *why = why_not_regular(entry);
    bool directory = archive_entry_filetype(entry) == AE_IFDIR;

    if (path == NULL && !(directory && raw != NULL && strstr(raw, "..") == NULL && raw[0] != '/'))
        sink_remark(u->sink, true, NULL, raw ? raw : "(a name that cannot be read)",
            "is not a path inside the archive; it was not looked at.");
    if (path == NULL || directory)
        goto out;
    if (is_deep(path)) {
        sink_remark(u->sink, false, NULL, path, "lies too deep; it was not looked at.");
        goto out;
    }
    bool wanted = sink_offer(u->sink, path);
    if (wanted && why == NULL)
        take(u);
    else if (wanted)
        sink_refuse(u->sink, why);
    else if (why != NULL)
        sink_remark(u->sink, true, NULL, path, why);
out:
    free(path);
}

static int read_entries(struct unpacking *u)
{
    struct archive_entry *entry;
    int status;

    while ((status = archive_read_next_header(u->archive, &entry)) == ARCHIVE_OK ||
           status == ARCHIVE_WARN || status == ARCHIVE_RETRY) {
        if (status == ARCHIVE_RETRY && ++u->entries > INTAKE_ENTRIES)
            break;
        if (status == ARCHIVE_RETRY)
            continue;
        if (++u->entries > INTAKE_ENTRIES)
            return fail(u->err,
                "The archive `%s` has more than %d entries. Hand in the C files only.", u->name,
                INTAKE_ENTRIES);
        if (is_bomb(u, archive_entry_size(entry)))
            return fail(u->err,
                "The archive `%s` unpacks to far more than it should (%lld MiB so far). It was not "
                "unpacked. Hand in the C files only.",
                u->name, (long long)(u->unpacked >> 20));
        visit(u, entry);
    }
    if (status == ARCHIVE_EOF)
        return 0;
    return fail(u->err, "The archive `%s` is damaged: %s.", u->name,
        archive_error_string(u->archive) ? archive_error_string(u->archive) : "it cannot be read");
}

static int say_no_archive(const char *name, struct buf *err)
{
    const struct foreign *f = foreign_by_name(name);
    size_t length = strlen(name);

    if (f && f->kind == FOREIGN_UNREAD)
        return fail(err,
            "The submission `%s` is %s, which is not read here. Hand in a directory, a .zip or a "
            ".tar (.gz, .xz, .zst).",
            name, f->what);
    if (length > 2 && !strcasecmp(name + length - 2, ".c"))
        return fail(err,
            "The submission `%s` is one C file, and none that an exercise asks for by that name. Put "
            "it under its right name into a directory.",
            name);
    return fail(err,
        "The submission `%s` is no archive that we know, or a damaged one. Hand in a directory, "
        "a .zip or a .tar (.gz, .xz, .zst).",
        name);
}

static int unpack(struct intake_sink *sink, int fd, const char *name, struct buf *err)
{
    struct stat st;
    struct unpacking u = {.sink = sink, .name = name, .err = err};

    if (fstat(fd, &st) < 0)
        return fail_errno(err, "The archive `%s` cannot be looked at", name);
    u.packed = st.st_size;
    u.archive = open_archive(fd);
    if (u.archive == NULL)
        return say_no_archive(name, err);
    int result = read_entries(&u);
    archive_read_free(u.archive);
    return result;
}

int intake_read_archive(struct intake_sink *sink, int fd, const char *name, struct buf *err)
{
    return intake_work(unpack, sink, fd, name, err);
}
