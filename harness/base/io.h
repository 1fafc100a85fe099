/* SPDX-License-Identifier: MIT */
/*
 * io - whole files and paths.
 *
 * Every function returns 0, or -1 with a sentence in `err` that names the path. All descriptors are
 * close-on-exec. Nothing here is for paths that a student could have planted; see gate/intake.h.
 */
#ifndef BASE_IO_H
#define BASE_IO_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Reads a file of at most `most` bytes (0: no limit) into `ret`, which is cleared first. */
int io_read_file(const char *path, size_t most, struct buf *ret, struct buf *err);

/* Writes the file so that a reader sees the old contents or the new ones, never a part: temporary
 * name, fsync, rename. */
int io_write_file(const char *path, const void *bytes, size_t length, struct buf *err);

/* Writes all bytes, through interruptions and short writes. -1 with errno. */
int io_write_all(int fd, const void *bytes, size_t length);

/* mkdir -p. */
int io_make_directories(const char *path, struct buf *err);

/* rm -rf, without following links. What is not there is no error. */
int io_remove_tree(const char *path, struct buf *err);

bool io_is_file(const char *path);
bool io_is_directory(const char *path);

/* "dir/name" in memory of its own. */
char *io_path(const char *directory, const char *name);

/* The last component; a pointer into `path`. */
const char *io_base_name(const char *path);

/* A fresh private directory under $TMPDIR or /tmp; NULL on failure. The caller removes and frees.
 */
char *io_make_temporary(const char *prefix, struct buf *err);

/* Lets the user that a box runs as write to a directory. As root that is another one, for whom the
 * directory must be open; its name is random and it lives as long as one run. */
int io_share_directory(const char *path, struct buf *err);

/* Milliseconds of the monotonic clock. */
long long io_now_ms(void);

#endif
