// expect: lose_one_is_a_schedule@plain WRONG
// why: numbers the threads 1 and 2; there are only 0 and 1, that is A and B.
#include "lost_update.h"

enum { FIRST = 1, SECOND = 2 };

void lose_one(struct schedule *s, int rounds)
{
    let(s, FIRST, 1);
    let(s, SECOND, 2);
    let(s, FIRST, 1 + 2 * (rounds - 1));
    let(s, SECOND, 2 * (rounds - 1));
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
