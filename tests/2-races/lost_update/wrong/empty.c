// expect: lose_one_is_a_schedule@plain WRONG
// why: no schedule at all.
#include "lost_update.h"

void lose_one(struct schedule *s, int rounds)
{
    (void)s;
    (void)rounds;
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
