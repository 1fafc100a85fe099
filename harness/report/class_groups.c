/* SPDX-License-Identifier: MIT */
#include "report/class_groups.h"

#include <stdlib.h>
#include <string.h>

struct sorting {
    const struct report_class *c;
    size_t *exercises, *checks; /* the place of each in the order of the course */
};

static size_t check_place(const struct sorting *s, const struct class_failure *f)
{
    return f->check == CHECK_ALL ? 0 : s->checks[f->check] + 1;
}

static int compare_groups(const void *a, const void *b, void *data)
{
    const struct class_group *x = a, *y = b;
    const struct sorting *s = data;
    const struct class_failure *f = &s->c->failures[x->failure];
    const struct class_failure *g = &s->c->failures[y->failure];

    if (x->count != y->count)
        return x->count > y->count ? -1 : 1;
    if (f->exercise != g->exercise)
        return s->exercises[f->exercise] < s->exercises[g->exercise] ? -1 : 1;
    if (f->check != g->check)
        return check_place(s, f) < check_place(s, g) ? -1 : 1;
    if (f->verdict != g->verdict)
        return f->verdict < g->verdict ? -1 : 1;
    return strcmp(f->message, g->message);
}

static void sort(
    const struct report_class *c, const struct class_order *order, struct class_groups *g)
{
    struct sorting s = {c, class_places(order->exercises, c->exercise_names.count),
        class_places(order->checks, c->check_names.count)};

    qsort_r(g->groups, g->count, sizeof *g->groups, compare_groups, &s);
    free(s.exercises);
    free(s.checks);
}

/* Counting first, then filling: one array for all members. */
void class_groups(
    const struct report_class *c, const struct class_order *order, struct class_groups *ret)
{
    size_t n = c->failure_names.count, total = 0, used = 0;
    uint32_t *next = xcalloc(n + 1, sizeof *next);

    for (size_t i = 0; i < c->submission_names.count; i++)
        for (size_t k = 0; k < c->rows[i].n_failures; k++, total++)
            next[c->rows[i].failures[k]]++;
    ret->members = xcalloc(total + 1, sizeof *ret->members);
    ret->groups = xcalloc(n + 1, sizeof *ret->groups);
    ret->count = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t count = next[i];

        next[i] = (uint32_t)used;
        if (count) /* none: its submission was added again with another result */
            ret->groups[ret->count++] = (struct class_group){
                (uint32_t)i, count, ret->members + used};
        used += count;
    }
    for (size_t i = 0; i < c->submission_names.count; i++) {
        const struct class_row *row = &c->rows[order->rows[i]];

        for (size_t k = 0; k < row->n_failures; k++)
            ret->members[next[row->failures[k]]++] = (uint32_t)i;
    }
    free(next);
    sort(c, order, ret);
}

void class_groups_release(struct class_groups *g)
{
    free(g->groups);
    free(g->members);
}

void class_tally(const struct report_class *c, size_t check, size_t ret_count[VERDICT_COUNT])
{
    memset(ret_count, 0, VERDICT_COUNT * sizeof *ret_count);
    for (size_t i = 0; i < c->submission_names.count; i++) {
        unsigned v = class_verdict(&c->rows[i], check);

        if (v != VERDICT_ABSENT)
            ret_count[v]++;
    }
}
