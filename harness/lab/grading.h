/* SPDX-License-Identifier: MIT */
/*
 * grading - one submission that nobody trusts, from a folder or an archive to a result.
 *
 *     struct grading_spec spec = {.kit = &kit, .level = level, …};
 *     json_t *result = grading_run(&spec, directory_fd, "alice.zip", &interrupted, &err);
 *
 * Only the files that students edit are taken from the submission (gate/intake.h); everything else is
 * the kit's own. They are copied to a private directory, which is removed at the end.
 */
#ifndef LAB_GRADING_H
#define LAB_GRADING_H

#include "lab/check.h"
#include "lab/kit.h"

struct grading_spec {
    const struct kit *kit;
    const bool *chosen; /* by exercise; NULL: all */
    enum box_level level;
    const char *sandbox; /* name of the level for the result */
    unsigned jobs;
    uint64_t seed;
    bool fresh;
    const char *keep; /* keep the student's files in this directory; NULL: in a temporary one */
};

/* `name` is beneath `directory_fd` (nothing planted there is followed), or a path of the caller's
 * with AT_FDCWD. A submission that cannot be read at all gives a result whose rows are ungraded and
 * whose "error" says why. NULL only when this machine could not begin. `*ret_files` gets the
 * directory with the submission's files, for excerpts, to be freed by the caller, and to be removed
 * unless it is `keep`. */
json_t *grading_run(const struct grading_spec *spec, int directory_fd, const char *name,
    char **ret_files, bool *ret_interrupted, struct buf *err);

/* A text that changes when the submission's wanted files do, and nothing else does. -1: it cannot be
 * read; the sentence is part of what would change. */
int grading_fingerprint(const struct grading_spec *spec, int directory_fd, const char *name,
    struct buf *ret);

/* The level to grade at: what the machine gives, if that is at least `wanted` ("full", "reduced",
 * "none", NULL: the configured minimum). -1 with a sentence. */
int grading_level(const char *wanted, enum box_level *ret_level, const char **ret_name,
    struct buf *err);

#endif
