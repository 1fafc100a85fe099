/* SPDX-License-Identifier: MIT */
#include "report/gradebook_match.h"

#include <stdlib.h>
#include <string.h>

static const char digits[] = "0123456789";

static void add(struct match_index *x, const char *text, long row)
{
    size_t before = x->names.count, i;

    if (!*text)
        return;
    i = names_add(&x->names, text);
    if (i < before) {
        if (x->rows[i] != row)
            x->rows[i] = MATCH_AMBIGUOUS;
        return;
    }
    if ((i & (i - 1)) == 0)
        x->rows = xrealloc(x->rows, (i ? 2 * i : 1) * sizeof *x->rows);
    x->rows[i] = row;
}

static long find(const struct match_index *x, const char *text)
{
    size_t i = names_find(&x->names, text);

    return i == NAMES_NONE ? MATCH_NONE : x->rows[i];
}

void match_id(struct match *m, const char *id, long row)
{
    add(&m->ids, id, row);
}

void match_number(struct match *m, const char *number, long row)
{
    add(&m->numbers, number, row);
}

/* Canvas takes everything but letters and digits out of the name in front, so the places are
 * certain. */
bool match_canvas_number(const char *submission, struct buf *out)
{
    const char *s = strchr(submission, '_');
    size_t n;

    if (!s || s == submission)
        return false;
    s++;
    if (!strncmp(s, "LATE_", 5))
        s += 5;
    n = strspn(s, digits);
    if (n == 0 || s[n] != '_' || strspn(s + n + 1, digits) == 0)
        return false;
    buf_append(out, s, n);
    return true;
}

/* Moodle leaves names and file names as they are, so a student can write the mark into them: only a
 * name that has it once is certain. */
bool match_moodle_number(const char *submission, struct buf *out)
{
    static const char mark[] = "_assignsubmission_";
    const char *end = strstr(submission, mark), *start = end;

    if (!end || strstr(end + 1, mark))
        return false;
    while (start > submission && strchr(digits, start[-1]))
        start--;
    if (start == end || start == submission || start[-1] != '_')
        return false;
    buf_append(out, start, (size_t)(end - start));
    return true;
}

long match_find(const struct match *m, const char *submission, match_carried *carried)
{
    struct buf number = BUF_EMPTY;
    long row = find(&m->ids, submission);

    if (row == MATCH_NONE && carried(submission, &number))
        row = find(&m->numbers, buf_text(&number));
    buf_release(&number);
    return row;
}

void match_release(struct match *m)
{
    names_release(&m->ids.names);
    names_release(&m->numbers.names);
    free(m->ids.rows);
    free(m->numbers.rows);
    *m = MATCH_EMPTY;
}
