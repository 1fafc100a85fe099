/* SPDX-License-Identifier: MIT */
/*
 * intake_sink - decides which of a submission's names are wanted, and keeps what was taken.
 *
 * The two readers (intake_directory.c, intake_archive.c) show it every name; they read bytes only
 * when it asks for them:
 *
 *     if (sink_offer(sink, "2-races/counter_mutex/counter_mutex.c"))
 *         sink_take(sink, bytes, length);
 *
 * Paths are relative, without empty or "." components; what has ".." never gets here.
 */
#ifndef GATE_INTAKE_SINK_H
#define GATE_INTAKE_SINK_H

#include "gate/intake.h"

/* How good a find is; smaller is better, in this order. */
struct intake_rank {
    size_t directories; /* before the form */
    size_t form;        /* unit/exercise/file, exercise/file, file */
};

struct intake_slot {
    bool marked; /* the name that was offered last is the best so far */
    bool taken;
    bool repeated; /* a second file was noted */
    struct intake_rank rank;
    struct intake_rank marked_rank;
    char *path;
    char *bytes;
    size_t length;
    char *near; /* the first name that is nearly right */
};

struct intake_sink {
    const struct intake_wanted *wanted;
    size_t n_wanted;
    struct intake_slot *slots; /* one for each wanted file */
    struct intake *result;     /* remarks go here at once, files at the end */
    char *offered;
    char *foreign;         /* the first name that is none of a C file but tells what it is */
    struct buf unreadable; /* the first thing that this machine did not let us read, and why */
};

void sink_init(struct intake_sink *sink, const struct intake_wanted *wanted, size_t n_wanted,
    struct intake *result);

/* Whether the bytes of this file are wanted. */
bool sink_offer(struct intake_sink *sink, const char *path);

/* The bytes of the name that was offered last. What cannot be taken becomes a remark. */
void sink_take(struct intake_sink *sink, const char *bytes, size_t length);

/* The name that was offered last, and is wanted, is refused: "`x.c` " and the reason. */
void sink_refuse(struct intake_sink *sink, const char *reason);

/* We could not read the file or directory, for the reason errno: when something that is wanted was
 * not found, it may have been there, and that is no fault of the student's. */
void sink_cannot_read(struct intake_sink *sink, const char *path, int reason);
/* What was offered last is the submission itself, not something in it. */
void sink_forget_foreign(struct intake_sink *sink);

bool sink_misses_some(const struct intake_sink *sink);

/* A remark on any name. `exercise` may be NULL. */
void sink_remark(struct intake_sink *sink, bool refused, const char *exercise, const char *path,
    const char *reason);

/* Whether a directory of this name is worth a look. */
bool sink_enters(const char *directory);

/* Moves what was taken into the result, and says what was nearly right. Releases the sink. */
void sink_finish(struct intake_sink *sink);

/* Adds a remark, or counts it when there are too many. Takes `text`. */
void intake_add_remark(struct intake *in, bool refused, const char *exercise, char *text);

/* Why bytes are no C file that can be taken, or NULL. */
const char *sink_why_not(const char *bytes, size_t length);

/* Puts a file that a worker has chosen into its place. Takes `path` and `bytes`. */
void sink_put(struct intake_sink *sink, size_t index, char *path, char *bytes, size_t length);

/* The readers: whole submissions, from an open descriptor. `name` is for sentences. */
int intake_read_directory(struct intake_sink *sink, int fd, const char *name, struct buf *err);
int intake_read_archive(struct intake_sink *sink, int fd, const char *name, struct buf *err);

#endif
