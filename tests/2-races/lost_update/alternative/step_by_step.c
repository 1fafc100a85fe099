// One step at a time, from a text of letters that is put together first.
#include "lost_update.h"

#include <string.h>

static void play(struct schedule *s, const char *steps)
{
    for (; *steps; steps++)
        let(s, *steps == 'A' ? A : B, 1);
}

void lose_one(struct schedule *s, int rounds)
{
    char steps[4 * MOST_ROUNDS + 1] = "ABBA";

    for (int round = 1; round < rounds; round++)
        strcat(steps, "BBAA");
    play(s, steps);
}

void smallest_total(struct schedule *s, int rounds)
{
    char steps[4 * MOST_ROUNDS + 1] = "A";

    for (int round = 1; round < rounds; round++)
        strcat(steps, "BB");
    strcat(steps, rounds == 1 ? "BAB" : "AB");
    for (int round = 1; round < rounds; round++)
        strcat(steps, "AA");
    strcat(steps, rounds == 1 ? "" : "B");
    play(s, steps);
}
