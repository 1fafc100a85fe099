/* SPDX-License-Identifier: MIT */
/*
 * timetable - which item is in which stage or queue, step by step: the demonstration of both
 * pipelines.
 *
 * A pipeline has no common clock, so the demo brings one: the timetable says for every step who is
 * busy, and those stages meet() inside their work before any of them goes on. What is printed is
 * what the stages noted in these meetings. A pipeline that cannot keep the timetable breaks a
 * meeting, and the table says so.
 *
 *     struct timetable t = timetable_plan(items, capacity, takes);
 *     …in the work and done of stage s, for the n-th message:  timetable_keep(&t, s, n);
 *     timetable_print(&t, "queue");
 *
 * The stages may be threads, or processes when the timetable is in shared memory.
 */
#ifndef TIMETABLE_H
#define TIMETABLE_H

#include "probe.h"

#include <stdio.h>
#include <string.h>

enum { TIMETABLE_STEPS = 16, TIMETABLE_STAGES = 3, TIMETABLE_NOBODY = -1 };

struct timetable {
    int messages; /* the items and DONE, which is the last */
    int capacity; /* messages that fit between two stages */
    int steps;
    /* The plan: which message a stage works on, or TIMETABLE_NOBODY. */
    int busy[TIMETABLE_STEPS][TIMETABLE_STAGES];
    /* What was seen: a stage writes only its own column. */
    int seen[TIMETABLE_STEPS][TIMETABLE_STAGES];
    bool broken[TIMETABLE_STAGES];
};

/* A stage of the plan: the message that it has, and the steps that it still works on it. */
struct timetable_stage {
    int has;
    int left;
};

/* Lets every message move on as far as it can; from the end to the front, because room appears at
 * the end first. Returns true when something moved. */
static bool timetable_move(const struct timetable *t, struct timetable_stage *stages, int *waiting,
    int *next, const int *takes)
{
    bool moved = false;

    for (int s = TIMETABLE_STAGES - 1; s >= 0; s--) {
        struct timetable_stage *stage = &stages[s];
        bool room = s == TIMETABLE_STAGES - 1 || waiting[s] < t->capacity;

        if (stage->has != TIMETABLE_NOBODY && stage->left == 0 && room) {
            if (s < TIMETABLE_STAGES - 1)
                waiting[s]++;
            stage->has = TIMETABLE_NOBODY;
            moved = true;
        }
        bool food = s == 0 ? next[0] < t->messages : waiting[s - 1] > 0;
        if (stage->has == TIMETABLE_NOBODY && food) {
            if (s > 0)
                waiting[s - 1]--;
            stage->has = next[s]++;
            stage->left = stage->has == t->messages - 1 ? 1 : takes[s];
            moved = true;
        }
    }
    return moved;
}

/* `takes[s]` is how many steps stage s needs for an item; DONE takes one everywhere. */
static struct timetable timetable_plan(int items, int capacity, const int takes[TIMETABLE_STAGES])
{
    struct timetable t = {.messages = items + 1, .capacity = capacity};
    struct timetable_stage stages[TIMETABLE_STAGES];
    int waiting[TIMETABLE_STAGES] = {0}, next[TIMETABLE_STAGES] = {0};

    memset(t.busy, 0xff, sizeof t.busy);
    memset(t.seen, 0xff, sizeof t.seen);
    memset(stages, 0xff, sizeof stages);
    for (; t.steps < TIMETABLE_STEPS; t.steps++) {
        bool all_over = next[TIMETABLE_STAGES - 1] == t.messages;

        while (timetable_move(&t, stages, waiting, next, takes))
            ;
        if (all_over && stages[TIMETABLE_STAGES - 1].has == TIMETABLE_NOBODY)
            break;
        for (int s = 0; s < TIMETABLE_STAGES; s++) {
            if (stages[s].left <= 0)
                continue;
            t.busy[t.steps][s] = stages[s].has;
            stages[s].left--;
        }
    }
    return t;
}

/* Stage `s` works on its n-th message: for every step that the plan gives it, it notes that it is
 * there and waits for the others who are. */
static void timetable_keep(struct timetable *t, int s, int n)
{
    for (int step = 0; step < t->steps; step++) {
        char name[32];
        int parties = 0;

        for (int other = 0; other < TIMETABLE_STAGES; other++)
            parties += t->busy[step][other] != TIMETABLE_NOBODY;
        if (t->busy[step][s] != n)
            continue;
        t->seen[step][s] = n;
        snprintf(name, sizeof name, "step %d", step);
        if (parties > 1 && !meet(name, parties))
            t->broken[s] = true;
    }
}

/* The name of message n as the table shows it. */
static void timetable_name(const struct timetable *t, int n, char ret_name[16])
{
    if (n == t->messages - 1)
        snprintf(ret_name, 16, "DONE");
    else
        snprintf(ret_name, 16, "%d", n + 1);
}

/* The first step in which the stage was seen with message n or a later one. */
static int timetable_entered(const struct timetable *t, int s, int n)
{
    for (int step = 0; step < t->steps; step++)
        if (t->seen[step][s] >= n)
            return step;
    return t->steps;
}

static int timetable_left(const struct timetable *t, int s, int n)
{
    for (int step = t->steps - 1; step >= 0; step--)
        if (t->seen[step][s] != TIMETABLE_NOBODY && t->seen[step][s] <= n)
            return step;
    return t->steps;
}

/* Writes what stage s had finished and stage s+1 had not begun with in this step: what lies between
 * them, and, where that is full, the one message that s still holds. */
static void timetable_between(
    const struct timetable *t, int step, int s, char ret_waiting[64], char ret_held[16])
{
    int waiting = 0;

    ret_waiting[0] = ret_held[0] = '\0';
    for (int n = 0; n < t->messages; n++) {
        char name[16];
        size_t used = strlen(ret_waiting);

        if (timetable_left(t, s, n) >= step || timetable_entered(t, s + 1, n) <= step)
            continue;
        timetable_name(t, n, name);
        if (waiting++ < t->capacity)
            snprintf(ret_waiting + used, 64 - used, "%s%s", used ? " " : "", name);
        else
            snprintf(ret_held, 16, "(%.6s)", name);
    }
}

/* True when a stage still holds what it is done with. */
static bool timetable_print_step(const struct timetable *t, int step)
{
    bool holds = false;

    printf("%5d  ", step + 1);
    for (int s = 0; s < TIMETABLE_STAGES; s++) {
        char waiting[64] = "", held[16] = "";

        if (s < TIMETABLE_STAGES - 1)
            timetable_between(t, step, s, waiting, held);
        holds = holds || held[0] != '\0';
        if (t->seen[step][s] != TIMETABLE_NOBODY)
            timetable_name(t, t->seen[step][s], held);
        printf("| %-6s ", held);
        if (s < TIMETABLE_STAGES - 1)
            printf("| %-10s ", waiting);
    }
    printf("|\n");
    return holds;
}

/* `between` is what lies between two stages: "queue", "pipe". */
static void timetable_print(const struct timetable *t, const char *between)
{
    bool holds = false;

    printf(" step  | A      | %s 1%*s| B      | %s 2%*s| C      |\n", between,
        9 - (int)strlen(between), "", between, 9 - (int)strlen(between), "");
    for (int step = 0; step < t->steps; step++)
        holds = timetable_print_step(t, step) || holds;
    if (holds)
        printf("\n(In brackets: done with it, and waiting for room in the %s behind.)\n", between);
    if (t->broken[0] || t->broken[1] || t->broken[2])
        printf("The stages did not all come: they do not work at the same time.\n");
}

#endif
