/* SPDX-License-Identifier: MIT */
#include "gate/intake.h"

#include "base/clean.h"
#include "gate/foreign.h"
#include "gate/intake_open.h"
#include "gate/intake_sink.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The file by its name, or by the one that it had before a learning platform put the student's in
 * front. */
static bool offer_single(struct intake_sink *sink, const char *name)
{
    char *own = foreign_own_name(name);
    bool wanted = sink_offer(sink, name) || (own && sink_offer(sink, own));

    free(own);
    return wanted;
}

/* One C file by itself is a submission too, when it has the right name. */
static bool take_single(struct intake_sink *sink, int fd, const char *path)
{
    const char *slash = strrchr(path, '/');
    struct buf bytes = BUF_EMPTY;

    if (!offer_single(sink, slash ? slash + 1 : path))
        return false;
    if (intake_read_fd(fd, INTAKE_FILE_BYTES + 1, &bytes) < 0)
        sink_refuse(sink, "cannot be read.");
    else
        sink_take(sink, buf_text(&bytes), bytes.length);
    buf_release(&bytes);
    return true;
}

static bool is_document(const char *path)
{
    const struct foreign *f = foreign_by_name(path);

    return f && f->kind == FOREIGN_DOCUMENT;
}

static int read_any(
    struct intake_sink *sink, int fd, const char *path, const char *shown, struct buf *err)
{
    struct stat st;

    if (fstat(fd, &st) < 0)
        return fail_errno(err, "The submission `%s` cannot be looked at", shown);
    if (S_ISDIR(st.st_mode))
        return intake_read_directory(sink, fd, shown, err);
    if (!S_ISREG(st.st_mode))
        return fail(err,
            "The submission `%s` is neither a directory nor an archive. Hand in a directory, a "
            ".zip or a .tar.",
            shown);
    if (take_single(sink, fd, path))
        return 0;
    if (is_document(path))
        return 0; /* sink_finish() says what it is */
    sink_forget_foreign(sink);
    if (st.st_size > INTAKE_ARCHIVE_BYTES)
        return fail(err, "The archive `%s` is larger than %d MiB. Hand in the C files only.", shown,
            INTAKE_ARCHIVE_BYTES >> 20);
    return intake_read_archive(sink, fd, shown, err);
}

int intake_read(int directory_fd, const char *path, const struct intake_wanted *wanted,
    size_t n_wanted, struct intake *ret, struct buf *err)
{
    struct intake found = INTAKE_EMPTY;
    struct intake_sink sink;
    char *shown = clean_name(path, 200);
    int result = -1;
    int fd = directory_fd == AT_FDCWD ? open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
                                      : intake_open_beneath(directory_fd, path, O_RDONLY);

    sink_init(&sink, wanted, n_wanted, &found);
    if (fd >= 0)
        result = read_any(&sink, fd, path, shown, err);
    else if (errno == ELOOP)
        fail(err, "The submission `%s` is a link, and links are not followed.", shown);
    else
        fail_errno(err, "The submission `%s` cannot be opened", shown);
    sink_finish(&sink);
    if (fd >= 0)
        close(fd);
    free(shown);
    if (result < 0)
        intake_release(&found);
    else
        *ret = found;
    return result;
}

const struct intake_file *intake_find(const struct intake *in, const char *exercise)
{
    for (size_t i = 0; i < in->n_files; i++)
        if (strcmp(in->files[i].exercise, exercise) == 0)
            return &in->files[i];
    return NULL;
}

void intake_release(struct intake *in)
{
    for (size_t i = 0; i < in->n_files; i++) {
        free(in->files[i].path);
        free(in->files[i].bytes);
    }
    for (size_t i = 0; i < in->n_remarks; i++)
        free(in->remarks[i].text);
    free(in->files);
    free(in->remarks);
    *in = INTAKE_EMPTY;
}
