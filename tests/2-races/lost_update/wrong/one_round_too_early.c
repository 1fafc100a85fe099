// expect: smallest_of_all@explore WRONG
// why: B is stopped with two rounds left instead of one, so its last round counts on.
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
    if (rounds < 3) {
        lose_one(s, rounds);
        return;
    }
    let(s, A, 1);
    let(s, B, 2 * (rounds - 2));
    let(s, A, 1);
    let(s, B, 1);
    let(s, A, 2 * (rounds - 1));
    let(s, B, 3);
}
