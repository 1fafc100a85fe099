// expect: lose_one_is_a_schedule@plain WRONG
// why: the number of rounds is kept in a static variable, from the first call on.
#include "lost_update.h"

static int left;

void lose_one(struct schedule *s, int rounds)
{
    if (left == 0)
        left = 2 * (rounds - 1);
    let(s, A, 1);
    let(s, B, 2);
    let(s, A, 1);
    let(s, A, left);
    let(s, B, left);
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
