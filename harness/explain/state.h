/* SPDX-License-Identifier: MIT */
/*
 * state - how things stand after each step of a story: what the variables are, who holds which
 * lock, where every thread is and what it waits for.
 *
 *     struct state *st = state_open(story);
 *     state_goto(st, event);              // as it was just before that event; only forwards
 *     for (size_t i = 0; i < st->n_things; i++) …
 *     state_close(st);
 *
 * Only what the story touches is known. A value that nobody has looked at yet is the one that the
 * first look found; one that was overwritten in a way that has no single value (memset) is unknown
 * until somebody looks again.
 */
#ifndef EXPLAIN_STATE_H
#define EXPLAIN_STATE_H

#include "explain/story.h"

enum thing_kind {
    THING_VARIABLE,
    THING_LOCK, /* mutexes, spin locks, readers-writer locks */
    THING_CONDITION,
    THING_SEMAPHORE,
    THING_BARRIER,
    THING_ONCE,
    THING_PIPE,
    THING_KINDS
};

struct known_thing {
    char *name;
    enum thing_kind kind;
    struct trace_place place;
    bool is_key;             /* the sentence speaks of it */
    char *value;             /* variables, semaphores, pipes; NULL: unknown */
    int by;                  /* who wrote it last; -1: nobody yet */
    struct task_set holders; /* locks */
    long bytes;              /* pipes: what is in it */
    bool changed;            /* since whoever looks set it to false */
};

enum standing_kind {
    STANDING_UNBORN,
    STANDING_READY, /* could go on with its next operation */
    STANDING_WAITS,
    STANDING_ENDED,
};

struct standing {
    enum standing_kind kind;
    const char *file; /* of its next operation; NULL: unknown */
    int line;
    char *text;     /* "waits for lock, which thread 2 holds"; NULL: nothing to say */
    int thing;      /* what it waits for, index in `things`; -1 */
    uint32_t event; /* (the next operation that this was written for) */
    int holder;
    bool changed;
};

struct state {
    const struct story *story;
    uint32_t at; /* events before this one have happened */
    struct known_thing *things;
    size_t n_things;
    struct standing *tasks; /* result->n_tasks of them */
    void *index;            /* (names to things) */
    uint32_t *next;         /* (for each event the same task's next one) */
    uint32_t *head;         /* (for each task its next event) */
    uint32_t *birth;        /* (for each task the event that makes it) */
    uint32_t *tells;        /* (for each event the next one that says who could go on) */
    int *thing_of;          /* for each event and place: two entries, -1: nothing that is shown */
};

/* Never NULL. The story has to live as long. */
struct state *state_open(const struct story *s);
void state_goto(struct state *st, uint32_t event);
void state_close(struct state *st);

#endif
