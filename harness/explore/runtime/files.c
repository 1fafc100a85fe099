/* SPDX-License-Identifier: MIT */
/*
 * files - what tasks do to the file system, so that others may come between a look and a change.
 * All files are one place: names and links make it hard to tell two apart, and the price of not
 * trying is a few interleavings more. Files outlive an execution, and nobody puts them back. Only
 * for programs with a main() of their own: exercises do not meet in files.
 */
#include "explore/runtime/world.h"
#include "explore/runtime/wrap.h"
#include "probe/seam.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

void files_step(bool changes, const void *pc)
{
    struct trace_op op;

    if (!me || board || world->alive < 2)
        return;
    op = op_make(changes ? OP_CHANGE : OP_LOOK, pc);
    op.place[0] = (struct trace_place){.size = 1, .space = SPACE_FILES, .writes = changes};
    step(&op);
    spin_progress();
}

static void by_student(bool changes, const void *pc)
{
    if (me && from_student(pc))
        files_step(changes, pc);
}

#define FILES(type, name, changes, parameters, arguments) \
    WRAP(type, name, parameters)                          \
    {                                                     \
        by_student(changes, CALLER);                      \
        return __real_##name arguments;                   \
    }

FILES(int, access, false, (const char *path, int mode), (path, mode))
FILES(int, stat, false, (const char *restrict path, struct stat *restrict ret), (path, ret))
FILES(int, lstat, false, (const char *restrict path, struct stat *restrict ret), (path, ret))
FILES(int, creat, true, (const char *path, mode_t mode), (path, mode))
FILES(int, unlink, true, (const char *path), (path))
FILES(int, remove, true, (const char *path), (path))
FILES(int, mkdir, true, (const char *path, mode_t mode), (path, mode))
FILES(int, rmdir, true, (const char *path), (path))
FILES(int, rename, true, (const char *from, const char *to), (from, to))
FILES(int, link, true, (const char *from, const char *to), (from, to))
FILES(int, symlink, true, (const char *to, const char *path), (to, path))
FILES(int, truncate, true, (const char *path, off_t length), (path, length))

WRAP(FILE *, fopen, (const char *restrict path, const char *restrict mode))
{
    by_student(*mode != 'r', CALLER);
    return __real_fopen(path, mode);
}

extern int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);

int __wrap_open(const char *path, int flags, ...)
{
    va_list ap;
    mode_t mode;

    va_start(ap, flags);
    mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(ap, mode_t) : 0;
    va_end(ap);
    by_student(flags & (O_CREAT | O_TRUNC), CALLER);
    return __real_open(path, flags, mode);
}
