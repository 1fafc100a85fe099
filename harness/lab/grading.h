/* SPDX-License-Identifier: MIT */
/*
 * grading - one submission that nobody trusts, from a folder or an archive to a result.
 *
 *     struct grading_spec spec = {.kit = &kit, .level = level, …};
 *     struct submission submission = SUBMISSION_EMPTY;
 *     submission_read(&spec, directory_fd, "alice.zip", &submission);
 *     json_t *result = grading_run(&spec, &submission, "alice", &files, &interrupted, &err);
 *     submission_release(&submission);
 *
 * Only the files that students edit are taken from the submission (gate/intake.h); everything else
 * is the kit's own. It is read once: what is graded is what the fingerprint is of.
 */
#ifndef LAB_GRADING_H
#define LAB_GRADING_H

#include "gate/intake.h"
#include "lab/check.h"
#include "lab/kit.h"

#include <stdatomic.h>

struct grading_spec {
    const struct kit *kit;
    const bool *chosen; /* by exercise; NULL: all */
    enum box_level level;
    const char *sandbox; /* name of the level for the result */
    unsigned jobs;
    const atomic_uint *share; /* see check.h */
    uint64_t seed;
    const char
        *salt; /* not NULL: a session's seed comes from this and the student's file instead */
    bool fresh;
    const char *keep; /* keep the student's files in this directory; NULL: in a temporary one */
};

struct submission {
    struct intake in;
    bool unreadable;    /* nothing was read … */
    struct buf refusal; /* … for this reason */
};

#define SUBMISSION_EMPTY ((struct submission){INTAKE_EMPTY, false, BUF_EMPTY})

/* `name` is beneath `directory_fd` (nothing planted there is followed), or a path of the caller's
 * with AT_FDCWD. */
void submission_read(
    const struct grading_spec *spec, int directory_fd, const char *name, struct submission *ret);
void submission_release(struct submission *s);

/* A text that changes when the submission's wanted files do, and nothing else does. */
void submission_fingerprint(const struct submission *s, struct buf *ret);

/* A submission that cannot be read at all gives a result whose rows are ungraded and whose "error"
 * says why. NULL only when this machine could not begin. `*ret_files` gets the directory with the
 * submission's files, for excerpts, to be freed by the caller, and to be removed unless it is
 * `keep`. */
json_t *grading_run(const struct grading_spec *spec, const struct submission *submission,
    const char *name, char **ret_files, bool *ret_interrupted, struct buf *err);

/* The level to grade at: what the machine gives, if that is at least `wanted` ("full", "reduced",
 * "none", NULL: the configured minimum). -1 with a sentence. */
int grading_level(
    const char *wanted, enum box_level *ret_level, const char **ret_name, struct buf *err);

/* How many boxes may be at work at once: `jobs`, except where they would share one count of
 * processes (level reduced, as an ordinary user). There a fork bomb next door would make an honest
 * program's pthread_create() fail, so they come one after the other. */
unsigned grading_jobs(enum box_level level, unsigned jobs);

/* What has to be said, loudly, before grading at a level; NULL for the full one. Static text. */
const char *grading_level_note(enum box_level level);

#endif
