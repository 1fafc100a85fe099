// expect: memory_is_clean@asan LEAK
// why: prepares the steps in memory that is not given back.
#include "lost_update.h"

#include <stdlib.h>

void lose_one(struct schedule *s, int rounds)
{
    enum thread *steps = malloc((size_t)(4 * rounds) * sizeof *steps);
    int count = 0;

    steps[count++] = A;
    steps[count++] = B;
    steps[count++] = B;
    for (int i = 1; i < 2 * rounds; i++)
        steps[count++] = A;
    for (int i = 2; i < 2 * rounds; i++)
        steps[count++] = B;
    for (int i = 0; i < count; i++)
        let(s, steps[i], 1);
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
