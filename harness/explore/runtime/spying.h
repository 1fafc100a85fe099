/* SPDX-License-Identifier: MIT */
/*
 * spying - the runtime's side of probe/spy.h: what the student's code did, on the board. A program
 * with a main() of its own (`lab explore FILE.c`) has no board: then nothing is said.
 */
#ifndef RUNTIME_SPYING_H
#define RUNTIME_SPYING_H

#include "probe/native.h"

#define HAS_BOARD() (board != NULL)
#define SPY(call)        \
    do {                 \
        if (HAS_BOARD()) \
            (call);      \
    } while (0)

#endif
