// B begins, and the update is lost in the last round instead of the first.
#include "lost_update.h"

void lose_one(struct schedule *s, int rounds)
{
    let(s, B, 2 * (rounds - 1));
    let(s, A, 2 * (rounds - 1));
    let(s, B, 1);
    let(s, A, 1);
    let(s, B, 1);
    let(s, A, 1);
}

void smallest_total(struct schedule *s, int rounds)
{
    if (rounds == 1) {
        lose_one(s, rounds);
        return;
    }
    let(s, B, 1);
    let(s, A, 2 * rounds - 2);
    let(s, B, 1);
    let(s, A, 1);
    let(s, B, 2 * rounds - 2);
    let(s, A, 1);
}
