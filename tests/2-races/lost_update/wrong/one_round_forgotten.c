// expect: smallest_of_all@explore WRONG
// why: the rule for two rounds and more, also where there is one: 2 instead of 1.
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
    let(s, A, 1);
    let(s, B, 2 * (rounds - 1));
    let(s, A, 1);
    let(s, B, 1);
    let(s, A, 2 * (rounds - 1));
    let(s, B, 1);
}
