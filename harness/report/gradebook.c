/* SPDX-License-Identifier: MIT */
#include "report/gradebook.h"

#include "report/gradebook_sheet.h"
#include "report/show.h"
#include "report/view.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static void sheet_release(struct sheet *s)
{
    csv_release(&s->csv);
    match_release(&s->match);
    free(s->owner);
    free(s->shared);
}

static void list(json_t **which, json_t *text)
{
    if (!*which)
        *which = json_array();
    json_array_append_new(*which, text);
}

__attribute__((format(printf, 2, 3))) static void listf(json_t **which, const char *format, ...)
{
    struct buf text = BUF_EMPTY;
    va_list ap;

    va_start(ap, format);
    buf_vprintf(&text, format, ap);
    va_end(ap);
    list(which, view_clean_line(buf_text(&text)));
    buf_release(&text);
}

static bool is_blank_row(const struct sheet *s, size_t row)
{
    for (size_t i = 0; i < s->csv.rows[row].count; i++)
        if (*csv_text(&s->csv, row, i))
            return false;
    return true;
}

/* Rows that are nobody: empty ones, and the student that Canvas makes up for teachers. */
static bool is_nobody(const struct sheet *s, size_t row)
{
    return is_blank_row(s, row) ||
           (s->name >= 0 && !strcmp(csv_text(&s->csv, row, (size_t)s->name), "Student, Test"));
}

static char *row_name(const struct sheet *s, size_t row)
{
    return xasprintf("%s, %s", csv_text(&s->csv, row, s->ids[0]),
        s->name < 0 ? "?" : csv_text(&s->csv, row, (size_t)s->name));
}

/* Gives every row to the submission that claims it. */
static void claim(struct sheet *s, const json_t *grades, struct gradebook_report *ret)
{
    const json_t *grade;
    size_t i;

    s->owner = xcalloc(s->csv.n_rows + 1, sizeof *s->owner);
    s->shared = xcalloc(s->csv.n_rows + 1, sizeof *s->shared);
    json_array_foreach (grades, i, grade) {
        const char *who = view_text(grade, "submission");
        long row = match_find(&s->match, who, s->carried);

        if (row == MATCH_NONE) {
            list(&ret->not_in_sheet, view_clean_line(who));
        } else if (row == MATCH_AMBIGUOUS) {
            listf(&ret->ambiguous, "%s: its id stands in more than one row", who);
        } else if (s->owner[row]) {
            s->shared[row] = true;
            listf(&ret->ambiguous, "%s and %s: both are for the row of %s",
                view_text(s->owner[row], "submission"), who,
                csv_text(&s->csv, (size_t)row, s->ids[0]));
        } else {
            s->owner[row] = grade;
        }
    }
}

/* The score on the sheet's scale; an error when scales differ and nobody allowed to convert. */
static int scaled(const struct sheet *s, size_t row, const json_t *grade, bool scale,
    double *ret_score, struct buf *err)
{
    double score = view_number(grade, "score"), most = view_number(grade, "max_score");
    double sheet_max = s->max_column < 0
                           ? s->max_score
                           : sheet_number(csv_text(&s->csv, row, (size_t)s->max_column));

    *ret_score = score;
    if (sheet_max < 0 || fabs(sheet_max - most) < 0.005)
        return 0;
    if (!scale || most <= 0)
        return fail(err,
            "The sheet has %g points at most and %s has %g. Correct the assignment in the "
            "gradebook, or ask for scaling.",
            sheet_max, view_text(grade, "submission"), most);
    *ret_score = score * sheet_max / most;
    return 0;
}

static void set_score(struct sheet *s, size_t row, double score, struct gradebook_report *ret)
{
    struct buf text = BUF_EMPTY;
    const char *old = csv_text(&s->csv, row, s->column);
    const char *sample = s->max_column < 0 ? csv_text(&s->csv, s->first - 1, s->column)
                                           : csv_text(&s->csv, row, (size_t)s->max_column);
    char *point;

    ret->filled++;
    if (*old && fabs(sheet_number(old) - score) < 0.005) {
        ret->unchanged++;
        return;
    }
    show_number(&text, score);
    point = text.data ? strchr(text.data, '.') : NULL;
    if (point && sheet_number(sample) >= 0 &&
        strchr(sample, ',')) /* a sheet of a country that writes 9,5 */
        *point = ',';
    csv_set(&s->csv, row, s->column, buf_text(&text));
    buf_release(&text);
}

static bool is_excused(const char *cell)
{
    return !strcasecmp(cell, "EX");
}

/* Everything but the writing is looked at first, so that a refusal leaves nothing half done. */
static int fill(struct sheet *s, const json_t *grades, bool scale, struct gradebook_report *ret,
    struct buf *err)
{
    claim(s, grades, ret);
    for (size_t row = s->first; row < s->csv.n_rows; row++) {
        const json_t *grade = s->owner[row];
        char *name = row_name(s, row);
        double score;
        int status = 0;

        if (is_nobody(s, row) || s->shared[row])
            ;
        else if (!grade)
            list(&ret->not_submitted, view_clean_line(name));
        else if (!json_is_true(json_object_get(grade, "complete")) ||
                 !json_is_number(json_object_get(grade, "score")))
            list(&ret->ungraded, view_clean_line(view_text(grade, "submission")));
        else if (is_excused(csv_text(&s->csv, row, s->column)))
            list(&ret->excused, view_clean_line(name));
        else if (!(status = scaled(s, row, grade, scale, &score, err)))
            set_score(s, row, score, ret);
        free(name);
        if (status < 0)
            return -1;
    }
    return 0;
}

static int gradebook(const char *text, size_t length, const json_t *grades,
    int (*open_sheet)(struct sheet *, const struct gradebook_options *, struct buf *),
    const struct gradebook_options *options, struct buf *out, struct gradebook_report *ret,
    struct buf *err)
{
    static const struct gradebook_options none;
    struct sheet s = {0};
    int status;

    options = options ? options : &none;
    if (csv_read(&s.csv, text, length, err) < 0)
        return -1;
    status = open_sheet(&s, options, err);
    if (!status)
        status = fill(&s, grades, options->scale, ret, err);
    if (!status)
        csv_write(&s.csv, out);
    sheet_release(&s);
    return status;
}

int gradebook_canvas(const char *sheet, size_t length, const json_t *grades,
    const struct gradebook_options *options, struct buf *out, struct gradebook_report *ret,
    struct buf *err)
{
    return gradebook(sheet, length, grades, sheet_canvas, options, out, ret, err);
}

int gradebook_moodle(const char *sheet, size_t length, const json_t *grades,
    const struct gradebook_options *options, struct buf *out, struct gradebook_report *ret,
    struct buf *err)
{
    return gradebook(sheet, length, grades, sheet_moodle, options, out, ret, err);
}

static void lines(const char *heading, const json_t *items, struct buf *out)
{
    const json_t *item;
    size_t i;

    if (json_array_size(items))
        buf_printf(out, "\n%s\n", heading);
    json_array_foreach (items, i, item) {
        buf_puts(out, "  ");
        show_line(out, json_string_value(item));
        buf_putc(out, '\n');
    }
}

void gradebook_report_text(const struct gradebook_report *r, struct buf *out)
{
    buf_printf(out, "%zu grade%s filled in, %zu of them as they were.\n", r->filled,
        r->filled == 1 ? "" : "s", r->unchanged);
    lines("Submissions without a row in the sheet:", r->not_in_sheet, out);
    lines("Rows without a submission, left as they were:", r->not_submitted, out);
    lines("Not graded, because of the kit or the machine; left as they were:", r->ungraded, out);
    lines("Not certain, left as they were:", r->ambiguous, out);
    lines("Excused, left so:", r->excused, out);
}

void gradebook_report_release(struct gradebook_report *r)
{
    json_decref(r->not_in_sheet);
    json_decref(r->not_submitted);
    json_decref(r->ungraded);
    json_decref(r->ambiguous);
    json_decref(r->excused);
    *r = GRADEBOOK_REPORT_EMPTY;
}
