/* SPDX-License-Identifier: MIT */
#include "report/class_data.h"

#include <stdlib.h>
#include <string.h>

/* The numbers 0 … count-1 in the order that `compare` gives them. */
static size_t *ordered(
    const struct report_class *c, size_t count, int (*compare)(const void *, const void *, void *))
{
    size_t *list = xcalloc(count + 1, sizeof *list);

    for (size_t i = 0; i < count; i++)
        list[i] = i;
    qsort_r(list, count, sizeof *list, compare, (void *)c);
    return list;
}

static int by_number(size_t a, size_t b)
{
    return a < b ? -1 : a > b;
}

static int compare_rows(const void *a, const void *b, void *data)
{
    const struct report_class *c = data;

    return strcmp(c->rows[*(const size_t *)a].submission, c->rows[*(const size_t *)b].submission);
}

/* As the course goes: by unit ("1-memory"), then as the results have them. */
static int compare_exercises(const void *a, const void *b, void *data)
{
    const struct report_class *c = data;
    const struct class_exercise *x = &c->exercises[*(const size_t *)a];
    const struct class_exercise *y = &c->exercises[*(const size_t *)b];
    int order = strcmp(x->unit, y->unit);

    order = order ? order : by_number(x->position, y->position);
    return order ? order : strcmp(x->id, y->id);
}

static int compare_checks(const void *a, const void *b, void *data)
{
    const struct report_class *c = data;
    const struct class_check *x = &c->checks[*(const size_t *)a];
    const struct class_check *y = &c->checks[*(const size_t *)b];
    int order = compare_exercises(&x->exercise, &y->exercise, data);

    order = order ? order : by_number(x->position, y->position);
    order = order ? order : strcmp(x->test, y->test);
    return order ? order : strcmp(x->tool, y->tool);
}

void class_order(const struct report_class *c, struct class_order *ret)
{
    ret->rows = ordered(c, c->submission_names.count, compare_rows);
    ret->exercises = ordered(c, c->exercise_names.count, compare_exercises);
    ret->checks = ordered(c, c->check_names.count, compare_checks);
}

void class_order_release(struct class_order *o)
{
    free(o->rows);
    free(o->exercises);
    free(o->checks);
}

size_t *class_places(const size_t *order, size_t count)
{
    size_t *place = xcalloc(count + 1, sizeof *place);

    for (size_t i = 0; i < count; i++)
        place[order[i]] = i;
    return place;
}
