/* SPDX-License-Identifier: MIT */
/*
 * depend - when the order of two operations matters.
 *
 * Two operations of different tasks are dependent when their footprints overlap and one of them
 * writes there. Independent operations commute: executed in either order from the same state, they
 * lead to the same state and neither enables or disables the other. The search relies on that (a
 * whole class of schedules is represented by one), and so does the runtime, for sleep sets and POS.
 */
#ifndef EXPLORE_DEPEND_H
#define EXPLORE_DEPEND_H

#include "explore/trace.h"

static inline bool places_conflict(const struct trace_place *a, const struct trace_place *b)
{
    if (!a->size || !b->size || !(a->writes | b->writes))
        return false;
    if (a->space == SPACE_ALL || b->space == SPACE_ALL)
        return true;
    return a->space == b->space && a->address < b->address + b->size &&
           b->address < a->address + a->size;
}

static inline bool ops_depend(const struct trace_op *a, const struct trace_op *b)
{
    return places_conflict(&a->place[0], &b->place[0]) ||
           places_conflict(&a->place[0], &b->place[1]) ||
           places_conflict(&a->place[1], &b->place[0]) ||
           places_conflict(&a->place[1], &b->place[1]);
}

#endif
