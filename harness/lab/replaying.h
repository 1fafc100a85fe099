/* SPDX-License-Identifier: MIT */
/*
 * replaying - one interleaving of a target as a story, from the words that stand behind
 * `lab replay TARGET`.
 *
 *     struct replaying r = REPLAYING_EMPTY;
 *     if (replaying_open(&r, &target, &request, words, &err)) …    // words: "count threads=2
 * x1:1,0" explain_text(r.story, …); replaying_close(&r);
 */
#ifndef LAB_REPLAYING_H
#define LAB_REPLAYING_H

#include "explain/explain.h"
#include "explore/replay.h"
#include "lab/explore_request.h"
#include "lab/target.h"

struct replaying {
    struct replay replay;
    struct explain_trace trace;
    struct story *story;
};

#define REPLAYING_EMPTY ((struct replaying){.replay = REPLAY_EMPTY})

/* What a schedule's words say. The parts are copies. */
struct schedule_words {
    char *scenario; /* NULL: none, a program with a main() of its own */
    char *args;
    char *schedule;
};

/* Splits "count threads=2 rounds=1 x1:1,0"; -1 with a sentence when there is no schedule in it, or
 * it does not go with the target. */
int schedule_words_read(
    struct schedule_words *w, const struct target *t, const char *words, struct buf *err);
void schedule_words_release(struct schedule_words *w);

/* The other way: the words for the schedule of an outcome. The caller frees. */
char *schedule_words_join(const char *scenario, const char *args, const char *schedule);

/* `complaint`: what the judge said of it, or NULL. */
int replaying_open(struct replaying *r, struct target *t, const struct explore_request *q,
    const struct schedule_words *w, const char *complaint, struct buf *err);
void replaying_close(struct replaying *r);

/* The command that shows an interleaving again. The caller frees. */
char *replay_command(const struct target *t, const struct explore_request *q, const char *words);

#endif
