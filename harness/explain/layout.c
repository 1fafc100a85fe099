/* SPDX-License-Identifier: MIT */
#include "explain/layout.h"

#include <stdlib.h>
#include <string.h>

enum {
    STRETCH = 6, /* steps of one task in a row that are not folded yet */
    EDGE = 2,    /* of a long stretch: so many stay at both ends */
    NEAR = 2,    /* in a story that is too long: so many stay around each telling step */
};

static void choose_columns(struct layout *l, const struct story *s)
{
    for (uint32_t i = 0; i < s->trace.result->n_tasks; i++)
        if (story_has_column(s, (int)i))
            l->columns[l->n_columns++] = (int)i;
    l->main_hidden = s->trace.result->n_tasks > 1 && l->n_columns > 0 && l->columns[0] != 0;
}

int layout_column(const struct layout *l, int task)
{
    for (size_t i = 0; i < l->n_columns; i++)
        if (l->columns[i] == task)
            return (int)i;
    return -1;
}

static void add(struct layout *l, size_t row)
{
    l->items = xrealloc(l->items, (l->n_items + 1) * sizeof(*l->items));
    l->items[l->n_items++] = (struct item){.row = row, .span = 1};
}

static bool is_telling(const struct story *s, const struct item *x)
{
    return s->rows[x->row].marks & (ROW_KEY | ROW_WAITS | ROW_END);
}

/* One item for all of [from, to), some of which may be folds already. */
static struct item fold(const struct layout *l, size_t from, size_t to)
{
    const struct item *first = &l->items[from], *last = &l->items[to - 1];
    struct item all = {.row = first->row, .span = last->row + last->span - first->row};

    for (size_t i = from; i < to; i++)
        all.folded += l->items[i].folded ? l->items[i].folded : 1;
    return all;
}

/* Items [from, to) that may go become one that says how many; a single one is left as it is. */
static size_t fold_range(struct layout *l, const bool *keep, size_t from, size_t to, size_t at)
{
    while (from < to) {
        size_t end = from;

        while (end < to && !keep[end])
            end++;
        if (end - from > 1) {
            l->items[at++] = fold(l, from, end);
            from = end;
        } else {
            l->items[at++] = l->items[from++];
        }
    }
    return at;
}

static void fold_stretches(struct layout *l, const struct story *s)
{
    bool *keep = xcalloc(l->n_items + 1, sizeof(*keep));
    size_t at = 0, from = 0, to;

    for (size_t i = 0; i < l->n_items; i++)
        keep[i] = is_telling(s, &l->items[i]);
    for (; from < l->n_items; from = to) {
        int task = s->rows[l->items[from].row].task;

        for (to = from; to < l->n_items && s->rows[l->items[to].row].task == task; to++)
            ;
        for (size_t i = from; i < to; i++)
            if (to - from < STRETCH || i < from + EDGE || i >= to - EDGE)
                keep[i] = true;
        at = fold_range(l, keep, from, to, at);
    }
    l->n_items = at;
    free(keep);
}

/* Only what is near the telling steps stays. */
static void fold_far(struct layout *l, const struct story *s)
{
    bool *keep = xcalloc(l->n_items + 1, sizeof(*keep));

    for (size_t i = 0; i < l->n_items; i++) {
        if (!is_telling(s, &l->items[i]))
            continue;
        for (size_t k = i > NEAR ? i - NEAR : 0; k <= i + NEAR && k < l->n_items; k++)
            keep[k] = true;
    }
    l->n_items = fold_range(l, keep, 0, l->n_items, 0);
    free(keep);
}

/* Still too long: the middle goes. */
static void cut_middle(struct layout *l, size_t most)
{
    size_t head = most / 2, tail = most - head - 1, gone = l->n_items - head - tail;

    l->items[head] = fold(l, head, head + gone);
    memmove(&l->items[head + 1], &l->items[head + gone], tail * sizeof(*l->items));
    l->n_items = most;
}

/* Folds that stand next to each other become one. */
static void join_folds(struct layout *l)
{
    size_t n = 0;

    for (size_t i = 0; i < l->n_items; i++) {
        if (n && l->items[n - 1].folded && l->items[i].folded) {
            l->items[n] = l->items[i];
            l->items[n - 1] = fold(l, n - 1, n + 1);
        } else {
            l->items[n++] = l->items[i];
        }
    }
    l->n_items = n;
}

void layout_make(struct layout *l, const struct story *s, size_t most)
{
    choose_columns(l, s);
    for (size_t i = 0; i < s->n_rows; i++)
        if (story_shows(s, &s->rows[i]))
            add(l, i);
    if (!most)
        return;
    fold_stretches(l, s);
    if (l->n_items > most)
        fold_far(l, s);
    if (most > 2 && l->n_items > most)
        cut_middle(l, most);
    join_folds(l);
}

void layout_limit(struct layout *l, const struct layout *folds, size_t most)
{
    size_t left = most > folds->n_items ? most - folds->n_items : 0, at = 0, n = 0;

    for (size_t i = 0; i < folds->n_items; i++) {
        const struct item *fold = &folds->items[i];
        size_t begin = at;

        while (at < l->n_items && l->items[at].row < fold->row + fold->span)
            at++;
        if (fold->folded && at - begin > left)
            continue;
        if (fold->folded)
            left -= at - begin;
        memmove(&l->items[n], &l->items[begin], (at - begin) * sizeof(*l->items));
        n += at - begin;
    }
    l->n_items = n;
}

void layout_release(struct layout *l)
{
    free(l->items);
    *l = LAYOUT_EMPTY;
}
