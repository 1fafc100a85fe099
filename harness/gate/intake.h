/* SPDX-License-Identifier: MIT */
/*
 * intake - takes the wanted files out of one submission, and nothing else.
 *
 *     const struct intake_wanted wanted[] = {{"counter_mutex", "2-races", "counter_mutex.c"}, …};
 *     struct intake in = INTAKE_EMPTY;
 *
 *     if (intake_read(AT_FDCWD, "alice.zip", wanted, n, &in, &err) < 0)
 *         … this submission cannot be graded: the sentence says why …
 *     const struct intake_file *f = intake_find(&in, "counter_mutex");   // NULL: not handed in
 *     for (size_t i = 0; i < in.n_remarks; i++) … in.remarks[i].text …
 *     intake_release(&in);
 *
 * A submission is a directory, or an archive (.zip .tar .tar.gz .tgz .tar.xz .tar.zst; known by its
 * contents, not by its name). A wanted file is found as
 *
 *     <unit>/<exercise>/<file>     <exercise>/<file>     <file>
 *
 * at the top or below any directories, `labs` included, because whole repositories get handed in.
 * The one with the fewest directories before it wins; then the fuller of the three forms; then the
 * first in byte order. What lies below solutions, tests, build, __MACOSX or a hidden directory does
 * not count. Of everything else not even a byte is read.
 *
 * A file is taken only when it is regular, at most INTAKE_FILE_BYTES long and free of NUL bytes.
 * Directories are opened beneath the submission without following any link, and non-blocking, so
 * that a FIFO or a device planted there stops nothing. Archives are never unpacked to disk; they
 * are read in a child process of small means, so that a bomb, or a bug in the reading library,
 * costs one submission and not the grader.
 *
 * What is refused or odd becomes a remark with a sentence. Files of exercises that were not found
 * are no remark: not handed in is not a mistake.
 *
 * Safe in a process with one thread (it forks). The names and bytes in the result are the
 * student's: print names through base/clean.h, except those in `text`, which are clean.
 */
#ifndef GATE_INTAKE_H
#define GATE_INTAKE_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    INTAKE_FILE_BYTES = 256 * 1024,    /* one wanted file */
    INTAKE_ENTRIES = 20000,            /* names in one submission */
    INTAKE_DEPTH = 12,                 /* directories above a file */
    INTAKE_ARCHIVE_BYTES = 64 << 20,   /* one archive as handed in */
    INTAKE_UNPACKED_BYTES = 256 << 20, /* all that an archive unpacks to */
    INTAKE_RATIO = 200,                /* unpacked : packed, once it is more than 16 MiB */
    INTAKE_REMARKS = 50,               /* more are counted and not listed */
};

struct intake_wanted {
    const char *exercise; /* id */
    const char *unit;
    const char *file; /* base name of the file that the student edits */
};

struct intake_file {
    const char *exercise; /* as in the list of wanted ones */
    char *path;           /* inside the submission; the student's choice of name */
    char *bytes;          /* a NUL follows the last byte */
    size_t length;
};

struct intake_remark {
    bool refused;         /* false: the file was taken, or does not matter */
    const char *exercise; /* the wanted exercise it is about, or NULL */
    char *text;           /* a sentence with the name, clean for printing */
};

struct intake {
    struct intake_file *files;
    size_t n_files;
    struct intake_remark *remarks;
    size_t n_remarks;
    size_t n_remarks_cut; /* beyond INTAKE_REMARKS */
};

#define INTAKE_EMPTY ((struct intake){0})

/* Reads the submission `path`. With `directory_fd` == AT_FDCWD the path is the caller's own and may
 * lead through links; otherwise it is a name beneath that directory that anybody may have planted,
 * and no link is followed. -1: nothing was read, the sentence is in `err`; `ret` is untouched. */
int intake_read(int directory_fd, const char *path, const struct intake_wanted *wanted,
    size_t n_wanted, struct intake *ret, struct buf *err);

/* The file of an exercise, or NULL when it was not handed in or was refused. */
const struct intake_file *intake_find(const struct intake *in, const char *exercise);

void intake_release(struct intake *in);

#endif
