/* SPDX-License-Identifier: MIT */
/*
 * class_out - the directory that a class's results are in. One process at a time may have it open.
 *
 *     struct class_out out;
 *     if (class_out_open(&out, "results", CLASS_OUT_ALONE, &err))
 *         …                                    // somebody else is at work there, or it cannot be
 * written if (!class_out_has(&out, name, fingerprint)) class_out_put(&out, name, result, files,
 * &err); class_out_release(&out);
 *
 * The lock is flock() on OUT/lock, and forked workers share it: while one of them is alive, nobody
 * else gets in. The file also says who holds it and where the workers' temporary files are, so that
 * the one who comes after a power cut or a SIGKILL clears away what that one could not. It is empty
 * in between.
 *
 * A result is put in last, after the page and the files that belong to it: whoever finds it finds
 * them.
 */
#ifndef LAB_CLASS_OUT_H
#define LAB_CLASS_OUT_H

#include "base/buf.h"

#include <jansson.h>
#include <stdbool.h>

enum class_out_mode {
    CLASS_OUT_ALONE,
    CLASS_OUT_SHARED, /* a slice on a node: who handed it in holds the lock */
};

struct class_out {
    char *directory, *results, *students, *files;
    char *scratch; /* where the workers put temporary files: their TMPDIR */
    int lock;      /* -1: shared */
};

int class_out_open(
    struct class_out *ret, const char *directory, enum class_out_mode mode, struct buf *err);

/* Also for one that was not opened, and for one that could not be. Removes the scratch directory.
 */
void class_out_release(struct class_out *out);

/* Where a submission's result lies, and its files. The caller frees. */
char *class_out_result(const struct class_out *out, const char *name);
char *class_out_files(const struct class_out *out, const char *name);

/* True when there is a result of this fingerprint that needs no second try. */
bool class_out_has(const struct class_out *out, const char *name, const char *fingerprint);

/* Writes the result and the student's page. `files`: the directory with the student's files, for
 * excerpts; may be NULL. */
int class_out_put(const struct class_out *out, const char *name, json_t *result, const char *files,
    struct buf *err);

#endif
