/* SPDX-License-Identifier: MIT */
#include "report/gradebook_sheet.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

double sheet_number(const char *text)
{
    char plain[32];
    size_t n, points = 0;

    text += strspn(text, " ");
    n = strspn(text, "0123456789.,");
    if (n == 0 || n >= sizeof plain || text[n + strspn(text + n, " ")])
        return -1;
    for (size_t i = 0; i < n; i++) {
        plain[i] = text[i] == ',' ? '.' : text[i];
        points += plain[i] == '.';
    }
    plain[n] = '\0';
    return points < 2 && n > points ? strtod(plain, NULL) : -1;
}

enum { CHOICES_MOST = 12 };

/* With the columns that there are, to copy one from. */
static int refuse_column(const struct csv *csv, const char *wanted, bool several,
    bool (*fits)(const char *heading, const char *wanted), struct buf *err)
{
    struct buf choices = BUF_EMPTY;
    size_t n = 0;

    for (size_t i = 0; csv->n_rows && i < csv->rows[0].count; i++)
        if (fits(csv_text(csv, 0, i), NULL) && n++ < CHOICES_MOST)
            buf_printf(&choices, "\n    %s", csv_text(csv, 0, i));
    if (n > CHOICES_MOST)
        buf_printf(&choices, "\n    … and %zu more", n - CHOICES_MOST);
    if (wanted)
        fail(err, "The sheet has %s column with the heading \"%s\".%s%s",
            several ? "more than one" : "no", wanted, n ? " It has" : "", buf_text(&choices));
    else
        fail(err, "The sheet has %s column for grades. Say which one is meant%s%s",
            several ? "more than one" : "no", n ? ":" : ".", buf_text(&choices));
    buf_release(&choices);
    return -1;
}

/* The column that the instructor named, or the only one that `fits`. */
static int find_column(const struct csv *csv, const char *wanted,
    bool (*fits)(const char *heading, const char *wanted), size_t *ret, struct buf *err)
{
    size_t found = 0, count = 0;
    long exact = wanted ? csv_column(csv, 0, wanted) : -1;

    if (exact >= 0) {
        *ret = (size_t)exact;
        return 0;
    }
    for (size_t i = 0; csv->n_rows && i < csv->rows[0].count; i++) {
        if (!fits(csv_text(csv, 0, i), wanted))
            continue;
        found = i;
        count++;
    }
    if (count != 1)
        return refuse_column(csv, wanted, count > 0, fits, err);
    *ret = found;
    return 0;
}

/* "Threads and locks (123456)"; when one is wanted, by its title or its number. */
static bool is_assignment(const char *heading, const char *wanted)
{
    const char *open = strrchr(heading, '(');
    size_t n = open ? strspn(open + 1, "0123456789") : 0;
    size_t title = open ? (size_t)(open - heading) : 0;

    if (!open || n == 0 || strcmp(open + 1 + n, ")") != 0)
        return false;
    while (title > 0 && heading[title - 1] == ' ')
        title--;
    return !wanted || (title == strlen(wanted) && !strncmp(heading, wanted, title)) ||
           (n == strlen(wanted) && !strncmp(open + 1, wanted, n));
}

static void use_id(struct sheet *s, long column)
{
    if (column >= 0)
        s->ids[s->n_ids++] = (size_t)column;
}

/* Below the headings Canvas may have rows that are no students: "Manual Posting", "Points
 * Possible". The last of them ends with the maxima. */
static void canvas_rows(struct sheet *s)
{
    s->first = 1;
    s->max_score = -1;
    for (size_t row = 1; row < s->csv.n_rows && row <= 3; row++) {
        const char *cell = csv_text(&s->csv, row, 0);

        if (!strcmp(cell + strspn(cell, " "), "Points Possible")) {
            s->first = row + 1;
            s->max_score = sheet_number(csv_text(&s->csv, row, s->column));
            return;
        }
    }
    /* Without that row a student may follow at once; a row without any id is none. */
    while (s->first < s->csv.n_rows && !*csv_text(&s->csv, s->first, s->ids[0]))
        s->first++;
}

int sheet_canvas(struct sheet *s, const struct gradebook_options *o, struct buf *err)
{
    s->carried = match_canvas_number;
    s->max_column = -1;
    s->name = csv_column(&s->csv, 0, "Student");
    use_id(s, csv_column(&s->csv, 0, "ID"));
    if (s->n_ids == 0)
        return fail(err,
            "This is no sheet of Canvas: its first row has no column \"ID\". Export the "
            "gradebook as CSV.");
    use_id(s, csv_column(&s->csv, 0, "SIS User ID"));
    use_id(s, csv_column(&s->csv, 0, "SIS Login ID"));
    if (find_column(&s->csv, o->column, is_assignment, &s->column, err) < 0)
        return -1;
    canvas_rows(s);
    for (size_t row = s->first; row < s->csv.n_rows; row++) {
        for (size_t i = 0; i < s->n_ids; i++)
            match_id(&s->match, csv_text(&s->csv, row, s->ids[i]), (long)row);
        match_number(&s->match, csv_text(&s->csv, row, s->ids[0]), (long)row);
    }
    return 0;
}

static bool is_heading(const char *heading, const char *wanted)
{
    return !strcmp(heading, wanted ? wanted : "Grade");
}

/* The number at the end of "Participant 12345", in whatever language. */
static const char *participant_number(const char *identifier)
{
    const char *end = identifier + strlen(identifier);

    while (end > identifier && isdigit((unsigned char)end[-1]))
        end--;
    return end;
}

/* Moodle writes the maximum right after the grade; where headings are in another language, only a
 * column of numbers can be it. */
static long moodle_maximum(const struct sheet *s)
{
    long column = csv_column(&s->csv, 0, "Maximum Grade");
    bool any = false;

    if (column >= 0)
        return column;
    for (size_t row = 1; row < s->csv.n_rows; row++) {
        const char *cell = csv_text(&s->csv, row, s->column + 1);

        if (*cell && sheet_number(cell) < 0)
            return -1;
        any |= *cell != '\0';
    }
    return any ? (long)s->column + 1 : -1;
}

int sheet_moodle(struct sheet *s, const struct gradebook_options *o, struct buf *err)
{
    const char *id = o->id_column ? o->id_column : "Identifier";

    s->carried = match_moodle_number;
    s->first = 1;
    s->max_score = -1;
    s->name = csv_column(&s->csv, 0, "Full name");
    use_id(s, csv_column(&s->csv, 0, id));
    if (s->n_ids == 0)
        return fail(err,
            "The sheet has no column \"%s\". Export Moodle's offline grading worksheet; "
            "where its headings are in another language, name that column.",
            id);
    use_id(s, csv_column(&s->csv, 0, "ID number"));
    use_id(s, csv_column(&s->csv, 0, "Email address"));
    if (find_column(&s->csv, o->column, is_heading, &s->column, err) < 0)
        return -1;
    s->max_column = moodle_maximum(s);
    for (size_t row = s->first; row < s->csv.n_rows; row++) {
        for (size_t i = 0; i < s->n_ids; i++)
            match_id(&s->match, csv_text(&s->csv, row, s->ids[i]), (long)row);
        match_number(&s->match, participant_number(csv_text(&s->csv, row, s->ids[0])), (long)row);
    }
    return 0;
}
