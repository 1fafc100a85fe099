/* SPDX-License-Identifier: MIT */
/*
 * level - which level this machine gives, proved by trying it.
 *
 *     struct box_level_report r = BOX_LEVEL_REPORT_EMPTY;
 *     if (box_probe_level(&r, &err) == 0)
 *         printf("%s\n", box_level_name(r.level));
 *     for (size_t i = 0; i < r.n_pieces; i++)
 *         if (r.pieces[i].remedy)
 *             printf("%s: %s. %s\n", r.pieces[i].name, r.pieces[i].found, r.pieces[i].remedy);
 *     box_level_report_release(&r);
 *
 * Each level is tried by running lab-init's self-test inside it, from the highest down; what works
 * is the level. Takes some ten milliseconds.
 */
#ifndef BOX_LEVEL_H
#define BOX_LEVEL_H

#include "box/box.h"

enum { BOX_PIECES = 5 };

struct box_piece {
    const char *name; /* "cgroup" */
    char *found;      /* "version 1, /sys/fs/cgroup/memory" or what is in the way */
    char *remedy;     /* NULL: nothing is missing */
};

struct box_level_report {
    enum box_level level;
    struct box_piece pieces[BOX_PIECES];
    size_t n_pieces;
};

#define BOX_LEVEL_REPORT_EMPTY ((struct box_level_report){0})

/* -1 only when not even a box without a sandbox works (lab-init is missing). */
int box_probe_level(struct box_level_report *ret, struct buf *err);

void box_level_report_release(struct box_level_report *r);

/* "full", "approximate", "reduced", "none": for reports and for the command line. */
const char *box_level_name(enum box_level level);

/* By that name; -1 when there is none. */
int box_level_by_name(const char *name);

#endif
