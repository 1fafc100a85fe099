// expect: smallest_of_all@explore WRONG
// why: the rule was found by trying, for as many rounds as one has patience for.
#include "lost_update.h"

void lose_one(struct schedule *s, int rounds)
{
    let(s, A, 1);
    let(s, B, 2);
    let(s, A, 1);
    let(s, A, 2 * (rounds - 1));
    let(s, B, 2 * (rounds - 1));
}

void smallest_total(struct schedule *s, int rounds)
{
    if (rounds > 8) {
        let(s, A, 1);
        let(s, B, 2 * rounds);
        let(s, A, 2 * rounds - 1);
        return;
    }
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
