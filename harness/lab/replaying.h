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
    struct trace_result result; /* … and findings: without races, where those are ignored */
    struct trace_finding *findings;
    struct story *story;
    char *complaint; /* of the judge; NULL: none, or there is no judge */
};

#define REPLAYING_EMPTY ((struct replaying){.replay = REPLAY_EMPTY})

/*
 * The words that say which interleaving is meant: for a program with a main() of its own a
 * schedule; for an exercise the scenario, its arguments and a schedule, and between them the seed
 * that the judge drew its inputs from when it was not SEED_USUAL:
 *
 *     x1:0,1*2@4084
 *     count threads=2 rounds=1 x1:0,1*2@4084
 *     count threads=2 rounds=1 seed:90125 x1:0,1*2@4084
 */
struct schedule_words {
    char *scenario; /* NULL: none */
    char *args;
    uint64_t seed;
    char *schedule;
};

/* -1 with a sentence when there is no schedule in it, or it does not go with the target. */
int schedule_words_read(
    struct schedule_words *w, const struct target *t, const char *words, struct buf *err);
/* The same without a question. */
void schedule_words_split(struct schedule_words *w, const char *words);
void schedule_words_release(struct schedule_words *w);

/* The other way. The caller frees. */
char *schedule_words_join(const struct schedule_words *w);

/* `complaint`: what the judge is known to say of it; NULL: an exercise's judge is asked. */
int replaying_open(struct replaying *r, struct target *t, const struct explore_request *q,
    const struct schedule_words *w, const char *complaint, struct buf *err);
void replaying_close(struct replaying *r);

/* What a search of the target would have: spurious wake-ups, races. */
struct explore_options replaying_options(const struct target *t, const struct explore_request *q);

/* The command that shows an interleaving again. The caller frees. */
char *replay_command(const struct target *t, const struct explore_request *q, const char *words);

#endif
