// expect: smallest_of_all@explore WRONG
// why: the answers for one, two and three rounds, learnt by heart; for more there is none.
#include "lost_update.h"

void lose_one(struct schedule *s, int rounds)
{
    let(s, A, 1);
    let(s, B, 2);
    let(s, A, 1 + 2 * (rounds - 1));
    let(s, B, 2 * (rounds - 1));
}

static void play(struct schedule *s, const char *steps)
{
    for (; *steps != '\0'; steps++)
        let(s, *steps == 'A' ? A : B, 1);
}

void smallest_total(struct schedule *s, int rounds)
{
    static const char *const known[] = {"", "ABBA", "ABBABAAB", "ABBBBABAAAAB"};

    if (rounds < 4) {
        play(s, known[rounds]);
        return;
    }
    let(s, A, 2 * rounds);
    let(s, B, 2 * rounds);
}
