/* SPDX-License-Identifier: MIT */
#include "lost_update.h"

/* B's round lies inside A's: what B wrote is overwritten by what A computed from before. All other
 * rounds run one after the other, so each of them sees what the one before wrote. */
void lose_one(struct schedule *s, int rounds)
{
    let(s, A, 1);
    let(s, B, 2);
    let(s, A, 1);
    let(s, A, 2 * (rounds - 1));
    let(s, B, 2 * (rounds - 1));
}

/*
 * The last write of all writes one more than its thread read, and every thread's last read comes
 * after some write, if there is more than one round: after its own, for example. So 1 is out of
 * reach, but 2 is not:
 *
 *     A reads 0                                      in its first round
 *                 B does all its rounds but one
 *     A writes 1                                     and B's rounds are forgotten
 *                 B reads 1                          in its last round
 *     A does all its rounds that are left
 *                 B writes 2                         and A's rounds are forgotten
 *
 * With one round there is nothing to forget but the other's only round.
 */
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
