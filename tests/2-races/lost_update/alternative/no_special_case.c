// The first loser and the first winner overlap in such a way that one round needs no rule of its
// own.
#include "lost_update.h"

void lose_one(struct schedule *s, int rounds)
{
    let(s, A, 1);
    let(s, B, 2);
    let(s, A, 1 + 2 * (rounds - 1));
    let(s, B, 2 * (rounds - 1));
}

void smallest_total(struct schedule *s, int rounds)
{
    int later = 2 * (rounds - 1);

    let(s, A, 1);
    let(s, B, later);
    let(s, rounds > 1 ? A : B, 1);
    let(s, rounds > 1 ? B : A, 1);
    let(s, A, later);
    let(s, B, 1);
}
