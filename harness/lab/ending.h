/* SPDX-License-Identifier: MIT */
/*
 * ending - from how one execution ended to its outcome: the one place where exit statuses, limits,
 * the board and the tool's findings become a verdict.
 */
#ifndef LAB_ENDING_H
#define LAB_ENDING_H

#include "base/board.h"
#include "base/lines.h"
#include "base/outcome.h"
#include "box/box.h"

struct ending {
    const struct board *board;
    const struct box_result *box;
    const struct outcome *found; /* what the tool reported; verdict PASS: nothing */
    struct lines *lines;         /* of the probe; NULL: places stay unknown */
    const char *student;         /* base name of the student's file */
    bool has_detector;           /* TOOL_EXIT_STATUS is the tool's word, not the program's */
};

/* Fills in facts, verdict, text, findings. -1 only for a fault of ours (the probe runtime said that
 * it could not work). */
int ending_to_outcome(const struct ending *e, struct outcome *ret, struct buf *err);

#endif
