/* SPDX-License-Identifier: MIT */
/*
 * class_groups - which submissions share which failure, and how each check went.
 *
 *     struct class_groups g;
 *     class_groups(c, &order, &g);     // the commonest failure first
 *     class_groups_release(&g);
 */
#ifndef REPORT_CLASS_GROUPS_H
#define REPORT_CLASS_GROUPS_H

#include "report/class_data.h"

struct class_group {
    uint32_t failure;
    uint32_t count;
    const uint32_t *members; /* places in order->rows, rising */
};

struct class_groups {
    struct class_group *groups;
    size_t count;
    uint32_t *members;
};

void class_groups(
    const struct report_class *c, const struct class_order *order, struct class_groups *ret);
void class_groups_release(struct class_groups *g);

/* How many submissions got which verdict in a check. */
void class_tally(const struct report_class *c, size_t check, size_t ret_count[VERDICT_COUNT]);

#endif
