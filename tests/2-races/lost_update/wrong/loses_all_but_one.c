// expect: loses_exactly_one@explore WRONG
// why: one write of A forgets everything that B did: right for one round, too much for more.
#include "lost_update.h"

void lose_one(struct schedule *s, int rounds)
{
    let(s, A, 1);
    let(s, B, 2 * rounds);
    let(s, A, 2 * rounds - 1);
}

void smallest_total(struct schedule *s, int rounds)
{
    if (rounds == 1) {
        lose_one(s, rounds);
        return;
    }
    let(s, A, 1);
    let(s, B, 2 * (rounds - 1));
    let(s, A, 1);
    let(s, B, 1);
    let(s, A, 2 * (rounds - 1));
    let(s, B, 1);
}
