/* SPDX-License-Identifier: MIT */
/*
 * counter - the code that your schedules drive. It is given, and the judge has its own copy.
 *
 * Most people would write `counter++`. To the machine that has always been these two steps.
 */
#include "lost_update.h"

#include <stddef.h>

long counter;

void *add_ones(void *rounds)
{
    int times = *(const int *)rounds;

    for (int round = 0; round < times; round++) {
        long seen = counter; /* first step of a round: read, into a variable of one's own */
        counter = seen + 1;  /* second step: write */
    }
    return NULL;
}
