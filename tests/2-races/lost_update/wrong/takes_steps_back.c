// expect: smallest_is_a_schedule@plain WRONG
// why: wants to undo a step.
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
    let(s, A, 2);
    let(s, A, -1);
    let(s, B, 2 * rounds);
    let(s, A, 2 * rounds - 1);
}
