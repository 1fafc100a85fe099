/* SPDX-License-Identifier: MIT */
/*
 * submissions - folders and archives for the tests of the intake, made from lists of entries.
 */
#ifndef TESTS_GATE_SUBMISSIONS_H
#define TESTS_GATE_SUBMISSIONS_H

#include "base/io.h"
#include "gate/intake.h"
#include "gate/intake_worker.h"

#include <archive.h>
#include <archive_entry.h>
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const struct intake_wanted wanted[] = {
    {"counter_mutex", "2-races", "counter_mutex.c"},
    {"counter", "2-races", "counter.c"},
    {"pool_map", "3-pools", "pool_map.c"},
};

enum { N_WANTED = sizeof wanted / sizeof *wanted };

/* One thing in a submission. */
struct entry {
    const char *path;
    const char *text; /* contents, or where a link leads */
    unsigned type;    /* AE_IFREG if 0 */
    long long size;   /* as the header says; 0: that of the text */
};

static char *scratch;

static inline void set_up(void)
{
    scratch = io_make_temporary("intake-test", NULL);
}

static inline void tear_down(void)
{
    io_remove_tree(scratch, NULL);
    free(scratch);
}

static inline char *in_scratch(const char *name)
{
    return io_path(scratch, name);
}

/* Lays the entries out as a directory; returns its path. */
static inline char *make_directory(const struct entry *entries, size_t count)
{
    char *root = in_scratch("submission");

    io_make_directories(root, NULL);
    for (size_t i = 0; i < count; i++) {
        char *path = io_path(root, entries[i].path);
        char *parent = xstrdup(path);

        *strrchr(parent, '/') = '\0';
        cr_assert_eq(io_make_directories(parent, NULL), 0);
        if (entries[i].type == AE_IFLNK)
            cr_assert_eq(symlink(entries[i].text, path), 0);
        else if (entries[i].type == AE_IFIFO)
            cr_assert_eq(mkfifo(path, 0600), 0);
        else
            cr_assert_eq(io_write_file(path, entries[i].text, strlen(entries[i].text), NULL), 0);
        free(path);
        free(parent);
    }
    return root;
}

static inline void add_entry(struct archive *a, const struct entry *e)
{
    struct archive_entry *entry = archive_entry_new();
    unsigned type = e->type ? e->type : AE_IFREG;

    archive_entry_set_pathname(entry, e->path);
    archive_entry_set_filetype(entry, type);
    archive_entry_set_perm(entry, 0644);
    if (type == AE_IFLNK)
        archive_entry_set_symlink(entry, e->text);
    if (type == AE_IFREG)
        archive_entry_set_size(entry, e->size ? e->size : (long long)strlen(e->text));
    archive_write_header(a, entry);
    if (type == AE_IFREG)
        archive_write_data(a, e->text, strlen(e->text));
    archive_entry_free(entry);
}

/* "zip", "tar", "tar.gz", "tar.xz", "tar.zst" */
static inline struct archive *begin_archive(const char *kind, const char *path)
{
    struct archive *a = archive_write_new();

    if (strcmp(kind, "zip") == 0)
        archive_write_set_format_zip(a);
    else
        archive_write_set_format_pax_restricted(a);
    if (strcmp(kind, "tar.gz") == 0)
        archive_write_add_filter_gzip(a);
    if (strcmp(kind, "tar.xz") == 0)
        archive_write_add_filter_xz(a);
    if (strcmp(kind, "tar.zst") == 0)
        archive_write_add_filter_zstd(a);
    archive_write_set_bytes_per_block(a, 0); /* what was written is in the file */
    cr_assert_eq(archive_write_open_filename(a, path), ARCHIVE_OK);
    return a;
}

static inline char *make_archive(const char *kind, const struct entry *entries, size_t count)
{
    char *path = in_scratch("submission.archive");
    struct archive *a = begin_archive(kind, path);

    for (size_t i = 0; i < count; i++)
        add_entry(a, &entries[i]);
    archive_write_close(a);
    archive_write_free(a);
    return path;
}

/* The bytes taken for an exercise, or "". */
static inline const char *bytes_of(const struct intake *in, const char *exercise)
{
    const struct intake_file *f = intake_find(in, exercise);

    return f ? f->bytes : "";
}

static inline bool remarks_on(const struct intake *in, bool refused, const char *part)
{
    for (size_t i = 0; i < in->n_remarks; i++)
        if (in->remarks[i].refused == refused && strstr(in->remarks[i].text, part) != NULL)
            return true;
    return false;
}

static const char *const kinds[] = {"directory", "zip", "tar", "tar.gz", "tar.xz", "tar.zst"};

/* Reads the same entries as every kind of submission in turn. */
#define EACH_KIND(in, entries)                                                                \
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)                                 \
        for (struct intake in = read_as(kinds[k], entries, sizeof entries / sizeof *entries), \
                           *once = &in;                                                       \
             once != NULL; intake_release(&in), once = NULL)

static inline struct intake read_as(const char *kind, const struct entry *entries, size_t count)
{
    struct intake in = INTAKE_EMPTY;
    struct buf err = BUF_EMPTY;
    char *path = strcmp(kind, "directory") == 0 ? make_directory(entries, count)
                                                : make_archive(kind, entries, count);

    cr_assert_eq(intake_read(AT_FDCWD, path, wanted, N_WANTED, &in, &err), 0, "%s: %s", kind,
        buf_text(&err));
    io_remove_tree(path, NULL);
    free(path);
    buf_release(&err);
    return in;
}

static inline void expect_error(const char *path, const char *part)
{
    struct intake in = INTAKE_EMPTY;
    struct buf err = BUF_EMPTY;

    cr_expect_eq(intake_read(AT_FDCWD, path, wanted, N_WANTED, &in, &err), -1);
    cr_expect(strstr(buf_text(&err), part) != NULL, "expected “%s” in: %s", part, buf_text(&err));
    cr_expect_eq(in.n_files, 0);
    intake_release(&in);
    buf_release(&err);
}

#endif
