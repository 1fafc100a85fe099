/* SPDX-License-Identifier: MIT */
#include "report/class_data.h"
#include "report/csv.h"
#include "report/show.h"
#include "report/view.h"

#include <math.h>
#include <stdlib.h>

static void heading(const struct report_class *c, const struct class_order *o, struct buf *out)
{
    buf_puts(out, "submission,score,max_score,complete");
    for (size_t i = 0; i < c->exercise_names.count; i++) {
        buf_putc(out, ',');
        csv_cell(out, c->exercises[o->exercises[i]].id);
    }
    for (size_t i = 0; i < c->check_names.count; i++) {
        const struct class_check *x = &c->checks[o->checks[i]];
        char *name = xasprintf("%s/%s@%s", c->exercises[x->exercise].id, x->test, x->tool);

        buf_putc(out, ',');
        csv_cell(out, name);
        free(name);
    }
    buf_puts(out, "\r\n");
}

static void row(const struct report_class *c, const struct class_order *o,
    const struct class_row *r, struct buf *out)
{
    csv_cell(out, r->submission);
    buf_putc(out, ',');
    if (r->complete)
        show_number(out, r->score);
    buf_putc(out, ',');
    show_number(out, r->max_score);
    buf_puts(out, r->complete ? ",yes" : ",no");
    for (size_t i = 0; i < c->exercise_names.count; i++) {
        double score = class_score(r, o->exercises[i]);

        buf_putc(out, ',');
        if (r->complete && !isnan(score))
            show_number(out, score);
    }
    for (size_t i = 0; i < c->check_names.count; i++) {
        unsigned v = class_verdict(r, o->checks[i]);

        buf_putc(out, ',');
        if (v != VERDICT_ABSENT)
            buf_puts(out, verdict_name(v));
    }
    buf_puts(out, "\r\n");
}

int report_class_csv(const struct report_class *c, struct buf *out, struct buf *err)
{
    struct class_order o;

    (void)err;
    class_order(c, &o);
    heading(c, &o, out);
    for (size_t i = 0; i < c->submission_names.count; i++)
        row(c, &o, &c->rows[o.rows[i]], out);
    class_order_release(&o);
    return 0;
}
