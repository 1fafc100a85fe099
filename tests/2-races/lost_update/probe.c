/* SPDX-License-Identifier: MIT */
#include "lost_update.h"

#include "probe.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

/* Some more than any schedule needs, so that one that is too long can be told where. */
enum { MOST_MOVES = 4 * MOST_ROUNDS + 16 };

struct schedule {
    char moves[MOST_MOVES + 1];
    int length;
};

void let(struct schedule *s, enum thread who, int steps)
{
    if (who != A && who != B)
        fact_int("nobody", (long)who);
    else if (steps < 0)
        fact_int("backwards", steps);
    else
        for (int i = 0; i < steps && s->length < MOST_MOVES; i++)
            s->moves[s->length++] = who == A ? 'A' : 'B';
}

static const struct {
    const char *name;
    void (*fill)(struct schedule *s, int rounds);
} functions[] = {{"lose_one", lose_one}, {"smallest_total", smallest_total}};

/* What the student hands in: a function's schedule, as the letters of who moves. It is asked for
 * another number of rounds before: what it still knows of that must not get into this one. */
SCENARIO(moves)
{
    struct schedule before = {.length = 0}, s = {.length = 0};

    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++)
        if (strcmp(functions[i].name, arg_str("function")) == 0) {
            functions[i].fill(&before, (int)arg_int("before"));
            functions[i].fill(&s, (int)arg_int("rounds"));
        }
    fact_str("moves", s.moves);
}

/* Both threads run; in which order is up to whoever runs this scenario. A is created first. */
SCENARIO(race)
{
    int rounds = (int)arg_int("rounds");
    pthread_t a, b;

    pthread_create(&a, NULL, add_ones, &rounds);
    pthread_create(&b, NULL, add_ones, &rounds);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    fact_int("total", counter);
}
