/* SPDX-License-Identifier: MIT */
/*
 * summary.json. Written line by line, not as one tree: a tree of 10,000 submissions would cost more
 * memory than everything else together, and one submission on one line makes good diffs.
 */
#include "report/class_data.h"
#include "report/class_groups.h"
#include "report/view.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { GROUPS_MOST = 500 };

static int add(const char *bytes, size_t length, void *out)
{
    buf_append(out, bytes, length);
    return 0;
}

/* An entry of a list, on a line of its own. Drops the reference. */
static void entry(json_t *value, bool first, struct buf *out)
{
    buf_puts(out, first ? "\n    " : ",\n    ");
    json_dump_callback(value, add, out, JSON_REAL_PRECISION(9));
    json_decref(value);
}

/* A score without the noise of binary fractions. */
static json_t *number(double value)
{
    value = isfinite(value) && fabs(value) < 1e9 ? round(value * 100) / 100 : 0;
    return value == floor(value) ? json_integer((json_int_t)value) : json_real(value);
}

static void submissions(const struct report_class *c, const struct class_order *o, struct buf *out)
{
    for (size_t i = 0; i < c->submission_names.count; i++) {
        const struct class_row *r = &c->rows[o->rows[i]];
        json_t *x = json_object();

        json_object_set_new(x, "submission", json_string(r->submission));
        json_object_set_new(x, "score", r->complete ? number(r->score) : json_null());
        json_object_set_new(x, "max_score", number(r->max_score));
        json_object_set_new(x, "complete", json_boolean(r->complete));
        if (*r->error)
            json_object_set_new(x, "error", json_string(r->error));
        entry(x, i == 0, out);
    }
}

static void exercises(const struct report_class *c, const struct class_order *o, struct buf *out)
{
    for (size_t i = 0; i < c->exercise_names.count; i++) {
        const struct class_exercise *e = &c->exercises[o->exercises[i]];
        double sum = 0;
        size_t n = 0;

        for (size_t k = 0; k < c->submission_names.count; k++) {
            double score = class_score(&c->rows[o->rows[k]], o->exercises[i]);

            if (!c->rows[o->rows[k]].complete || isnan(score))
                continue;
            sum += score;
            n++;
        }
        entry(json_pack("{s:o, s:o, s:o, s:o, s:o}", "id", view_clean_line(e->id), "title",
                  view_clean_line(e->title), "max_score", number(e->max_score), "submissions",
                  json_integer((json_int_t)n), "mean", n ? number(sum / (double)n) : json_null()),
            i == 0, out);
    }
}

static void checks(const struct report_class *c, const struct class_order *o, struct buf *out)
{
    for (size_t i = 0; i < c->check_names.count; i++) {
        const struct class_check *x = &c->checks[o->checks[i]];
        size_t count[VERDICT_COUNT];
        json_t *verdicts = json_object();

        class_tally(c, o->checks[i], count);
        for (unsigned v = 0; v < VERDICT_COUNT; v++)
            if (count[v])
                json_object_set_new(verdicts, verdict_name(v), json_integer((json_int_t)count[v]));
        entry(json_pack("{s:o, s:o, s:o, s:o, s:o}", "id", view_clean_line(x->id), "tool",
                  view_clean_line(x->tool), "title", view_clean_line(x->title), "max_score",
                  number(x->max_score), "verdicts", verdicts),
            i == 0, out);
    }
}

static void failures(const struct report_class *c, const struct class_order *o, struct buf *out)
{
    struct class_groups g;

    class_groups(c, o, &g);
    for (size_t i = 0; i < g.count && i < GROUPS_MOST; i++) {
        const struct class_failure *f = &c->failures[g.groups[i].failure];
        const struct class_check *x = f->check == CHECK_ALL ? NULL : &c->checks[f->check];
        json_t *who = json_array();

        for (size_t k = 0; k < g.groups[i].count; k++)
            json_array_append_new(
                who, json_string(c->rows[o->rows[g.groups[i].members[k]]].submission));
        entry(json_pack("{s:o, s:o, s:s, s:s, s:o}", "id",
                  view_clean_line(x ? x->id : c->exercises[f->exercise].id), "tool",
                  x ? view_clean_line(x->tool) : json_null(), "verdict", verdict_name(f->verdict),
                  "message", f->message, "submissions", who),
            i == 0, out);
    }
    class_groups_release(&g);
}

static int compare_numbers(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return x < y ? -1 : x > y;
}

/* Of the graded ones, in percent, because submissions may have been given different exercises. */
static void statistics(const struct report_class *c, struct buf *out)
{
    size_t n = 0, all = c->submission_names.count;
    double *percent = xcalloc(all + 1, sizeof *percent), sum = 0;
    json_t *x = json_object();

    for (size_t i = 0; i < all; i++)
        if (c->rows[i].complete && c->rows[i].max_score > 0)
            sum += percent[n++] = 100 * c->rows[i].score / c->rows[i].max_score;
    qsort(percent, n, sizeof *percent, compare_numbers);
    json_object_set_new(x, "submissions", json_integer((json_int_t)all));
    json_object_set_new(x, "graded", json_integer((json_int_t)n));
    if (n) {
        json_object_set_new(x, "mean_percent", number(sum / (double)n));
        json_object_set_new(
            x, "median_percent", number((percent[(n - 1) / 2] + percent[n / 2]) / 2));
        json_object_set_new(x, "lowest_percent", number(percent[0]));
        json_object_set_new(x, "highest_percent", number(percent[n - 1]));
    }
    json_dump_callback(x, add, out, JSON_REAL_PRECISION(9));
    json_decref(x);
    free(percent);
}

int report_class_summary(const struct report_class *c, struct buf *out, struct buf *err)
{
    static const struct {
        const char *name;
        void (*list)(const struct report_class *, const struct class_order *, struct buf *);
    } lists[] = {{"exercises", exercises}, {"checks", checks}, {"failures", failures},
        {"submissions", submissions}};
    struct class_order o;

    (void)err;
    class_order(c, &o);
    buf_puts(out, "{\n  \"schema\": \"interleave/class/1\",\n  \"statistics\": ");
    statistics(c, out);
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        buf_printf(out, ",\n  \"%s\": [", lists[i].name);
        lists[i].list(c, &o, out);
        buf_puts(out, "\n  ]");
    }
    buf_puts(out, "\n}\n");
    class_order_release(&o);
    return 0;
}
