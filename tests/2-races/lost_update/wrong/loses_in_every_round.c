// expect: loses_exactly_one@explore WRONG
// why: in step with each other, the two lose one update in each round, and not only one.
#include "lost_update.h"

void lose_one(struct schedule *s, int rounds)
{
    for (int step = 0; step < 2 * rounds; step++) {
        let(s, A, 1);
        let(s, B, 1);
    }
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
