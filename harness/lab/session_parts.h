/* SPDX-License-Identifier: MIT */
/*
 * session_parts - what the files of a session share; nobody else includes it.
 *
 *     session.c        from the spec to the end: builds, or takes rows that there are
 *     session_judge.c  starts the judge, hears what it says, runs what it asks for
 *     session_rows.c   rows on their way out, and into and out of the cache
 */
#ifndef LAB_SESSION_PARTS_H
#define LAB_SESSION_PARTS_H

#include "lab/build.h"
#include "lab/run.h"
#include "lab/session.h"
#include "lab/tally.h"

#include <jansson.h>
#include <sys/types.h>

enum { LINES_MOST = 8 };

/* A connection of the judge: of one test's process, or of Criterion's own. */
struct line {
    int fd;
    struct buf in;       /* bytes that are no whole message yet */
    struct tally *tally; /* of the test at the other end; NULL: Criterion itself */
};

struct session {
    const struct session_spec *spec;
    int fd;
    struct build_result build;
    struct runner runner;
    struct tally tallies[SESSION_CHECKS];
    json_t *rows[SESSION_CHECKS]; /* finished ones */
    char *directory;              /* of the socket */
    char *socket_path;
    int listener;
    struct line lines[LINES_MOST];
    size_t n_lines;
    pid_t judge;
    int judge_fd;
    bool over;
};
/* Writes the row of check `i`, which takes `row` over. */
void session_write(struct session *s, size_t i, json_t *row);

/* The same verdict for every check that has none yet. */
void session_write_all(struct session *s, enum verdict v, const char *message);

/* Starts the judge over the probe that is built and open, and serves it to its end. Every check has
 * a row afterwards. */
void session_judge(struct session *s);

/* Closes the socket and what is connected to it. */
void session_hang_up(struct session *s);

/* Where the rows of an earlier session over the very same files are, if there are any; NULL: they
 * cannot be named. The caller frees. */
char *session_cache_path(const struct session *s);

/* Writes all rows from the cache; false, and nothing is written, when they are not there. */
bool session_take_cached(struct session *s, const char *path);

/* Keeps the rows, unless one hangs on the machine. */
void session_keep(struct session *s, const char *path);

#endif
