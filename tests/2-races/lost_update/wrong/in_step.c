// expect: smallest_of_all@explore WRONG
// why: in step with each other the two lose half of all updates; one can lose far more.
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
    for (int step = 0; step < 2 * rounds; step++) {
        let(s, A, 1);
        let(s, B, 1);
    }
}
