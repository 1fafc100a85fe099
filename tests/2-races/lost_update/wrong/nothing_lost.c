// expect: loses_exactly_one@explore WRONG
// why: the threads take turns, but round by round: every read sees the last write.
#include "lost_update.h"

void lose_one(struct schedule *s, int rounds)
{
    for (int round = 0; round < rounds; round++) {
        let(s, A, 2);
        let(s, B, 2);
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
