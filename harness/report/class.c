/* SPDX-License-Identifier: MIT */
#include "report/class_data.h"

#include "report/show.h"
#include "report/text.h"
#include "report/view.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    MESSAGE_BYTES = 200,
    FAILURES_MOST = 20000, /* so that messages that are all different do not fill the memory */
    ERROR_TEXTS_MOST = 5000,
    LAYOUT_MOST = 4096, /* checks and exercises: more is no course but an attack */
};

struct report_class *report_class_new(void)
{
    return xcalloc(1, sizeof(struct report_class));
}

static void row_release(struct class_row *r)
{
    free(r->verdicts);
    free(r->scores);
    free(r->failures);
}

void report_class_free(struct report_class *c)
{
    if (!c)
        return;
    for (size_t i = 0; i < c->submission_names.count; i++)
        row_release(&c->rows[i]);
    for (size_t i = 0; i < c->exercise_names.count; i++) {
        free(c->exercises[i].title);
        free(c->exercises[i].unit);
    }
    for (size_t i = 0; i < c->check_names.count; i++) {
        free(c->checks[i].id);
        free(c->checks[i].test);
        free(c->checks[i].tool);
        free(c->checks[i].title);
    }
    for (size_t i = 0; i < c->failure_names.count; i++)
        free(c->failures[i].message);
    names_release(&c->exercise_names);
    names_release(&c->check_names);
    names_release(&c->failure_names);
    names_release(&c->submission_names);
    names_release(&c->error_texts);
    free(c->exercises);
    free(c->checks);
    free(c->failures);
    free(c->rows);
    free(c);
}

/* Makes room in a list that goes beside a list of names, whose count has just become `count`. */
static void *room(void *list, size_t count, size_t size)
{
    if (count & (count - 1)) /* it grows when the count reaches a power of two */
        return list;
    list = xrealloc(list, 2 * count * size);
    memset((char *)list + count * size, 0, count * size);
    if (count == 1)
        memset(list, 0, size);
    return list;
}

/* Of two texts for one thing the first in the alphabet stays, whoever came first. */
static void keep_first(char **kept, const char *text)
{
    if (*kept && strcmp(*kept, text) <= 0)
        return;
    free(*kept);
    *kept = xstrdup(text);
}

static size_t exercise_of(struct report_class *c, const struct view_exercise *e, size_t position)
{
    size_t before = c->exercise_names.count;
    size_t i = before < LAYOUT_MOST ? names_add(&c->exercise_names, e->id)
                                    : names_find(&c->exercise_names, e->id);
    struct class_exercise *x;

    if (i == NAMES_NONE)
        return i;
    if (i == before)
        c->exercises = room(c->exercises, i + 1, sizeof *c->exercises);
    x = &c->exercises[i];
    x->id = c->exercise_names.texts[i];
    keep_first(&x->title, e->title);
    keep_first(&x->unit, e->unit);
    x->max_score = fmax(x->max_score, e->max_score);
    x->position = position > x->position ? position : x->position;
    return i;
}

static size_t check_of(
    struct report_class *c, const struct view_check *v, size_t exercise, size_t position)
{
    size_t before = c->check_names.count, i;
    char *key = xasprintf("%zu/%s@%s", exercise, v->test, v->tool);
    struct class_check *x;

    i = before < LAYOUT_MOST ? names_add(&c->check_names, key) : names_find(&c->check_names, key);
    free(key);
    if (i == NAMES_NONE)
        return i;
    if (i == before)
        c->checks = room(c->checks, i + 1, sizeof *c->checks);
    x = &c->checks[i];
    x->exercise = exercise;
    keep_first(&x->id, v->id);
    keep_first(&x->test, v->test);
    keep_first(&x->tool, v->tool);
    keep_first(&x->title, v->title);
    x->max_score = fmax(x->max_score, v->max_score);
    x->position = position > x->position ? position : x->position;
    return i;
}

/* The line of a message that says most: the first with an error of a compiler, or the first. */
static size_t best_line(const char *text, const char **ret_start)
{
    const char *error = strstr(text, "error:");

    while (error && error > text && error[-1] != '\n')
        error--;
    *ret_start = error ? error : text + strspn(text, "\n");
    return strcspn(*ret_start, "\n");
}

/* That line, cut at a whole character. */
static void short_message(const char *text, struct buf *out)
{
    struct buf line = BUF_EMPTY;
    const char *start;
    size_t n = best_line(text, &start);

    show_bytes(&line, start, n);
    n = line.length;
    if (n > MESSAGE_BYTES)
        for (n = MESSAGE_BYTES; n > 0 && ((unsigned char)line.data[n] & 0xc0) == 0x80;)
            n--;
    buf_append(out, buf_text(&line), n);
    buf_puts(out, n < line.length ? "..." : "");
    buf_release(&line);
}

/* The message without its numbers: inputs are drawn afresh for each run, so "total was 7312,
 * expected 8000" and "total was 5, expected 90" are one failure. A digit in a name stays. */
static void folded(const char *text, struct buf *out)
{
    bool in_name = false;

    while (*text) {
        if (isdigit((unsigned char)*text) && !in_name) {
            buf_putc(out, '#');
            text += strspn(text, "0123456789abcdefABCDEFx.");
            continue;
        }
        in_name = isalnum((unsigned char)*text) || *text == '_';
        buf_putc(out, *text++);
    }
}

static uint32_t failure_of(
    struct report_class *c, size_t exercise, size_t check, const struct view_check *v)
{
    bool whole_file = v->verdict == VERDICT_COMPILE || v->verdict == VERDICT_REJECTED;
    struct class_failure f = {.exercise = (uint32_t)exercise,
        .check = whole_file ? CHECK_ALL : (int32_t)check,
        .verdict = (uint8_t)v->verdict};
    struct buf message = BUF_EMPTY, key = BUF_EMPTY;
    size_t before = c->failure_names.count, i;

    short_message(v->message, &message);
    buf_printf(&key, "%u %d %d ", f.exercise, (int)f.check, (int)f.verdict);
    if (before < FAILURES_MOST)
        folded(buf_text(&message), &key);
    else
        buf_clear(&message); /* … and the rest are one per check and verdict */
    i = names_add(&c->failure_names, buf_text(&key));
    if (i == before) {
        c->failures = room(c->failures, i + 1, sizeof *c->failures);
        c->failures[i] = f;
    }
    if (c->failures[i].message && strcmp(c->failures[i].message, buf_text(&message)) != 0)
        c->failures[i].varied = true;
    keep_first(&c->failures[i].message, buf_text(&message));
    buf_release(&message);
    buf_release(&key);
    return (uint32_t)i;
}

static void add_failure(struct class_row *row, uint32_t failure)
{
    for (size_t i = 0; i < row->n_failures; i++)
        if (row->failures[i] == failure)
            return;
    if (row->n_failures < LAYOUT_MOST)
        row->failures[row->n_failures++] = failure;
}

static const char *error_text(struct report_class *c, const char *text)
{
    struct buf line = BUF_EMPTY;
    size_t i;

    short_message(text, &line);
    i = c->error_texts.count < ERROR_TEXTS_MOST ? names_add(&c->error_texts, buf_text(&line))
                                                : names_find(&c->error_texts, buf_text(&line));
    buf_release(&line);
    return i == NAMES_NONE ? "see its own page" : c->error_texts.texts[i];
}

/* One check into the row. The row's array of verdicts has room for LAYOUT_MOST while it is built.
 */
static void add_check(struct report_class *c, struct class_row *row, size_t exercise,
    const struct view_check *v, size_t position)
{
    size_t i = check_of(c, v, exercise, position);

    if (i == NAMES_NONE)
        return;
    row->verdicts[i] = (uint8_t)v->verdict;
    if (i >= row->n_verdicts)
        row->n_verdicts = (uint32_t)i + 1;
    if (text_has_story(v->verdict))
        add_failure(row, failure_of(c, exercise, i, v));
    if (v->verdict == VERDICT_HARNESS_ERROR && !row->error)
        row->error = error_text(c, *v->message ? v->message : v->title);
}

static void *copied(const void *list, size_t count, size_t size)
{
    void *copy = xcalloc(count ? count : 1, size);

    memcpy(copy, list, count * size);
    return copy;
}

/* The row of `wide`, as large as it must be. Blocks that were shrunk instead would leave the heap
 * full of holes. */
static struct class_row fitted(struct class_row *wide)
{
    struct class_row row = *wide;

    row.verdicts = copied(wide->verdicts, wide->n_verdicts, sizeof *row.verdicts);
    row.scores = copied(wide->scores, wide->n_scores, sizeof *row.scores);
    row.failures = copied(wide->failures, wide->n_failures, sizeof *row.failures);
    row_release(wide);
    return row;
}

static struct class_row wide_row(void)
{
    struct class_row row = {0};

    row.verdicts = xcalloc(LAYOUT_MOST, sizeof *row.verdicts);
    row.scores = xcalloc(LAYOUT_MOST, sizeof *row.scores);
    row.failures = xcalloc(LAYOUT_MOST, sizeof *row.failures);
    memset(row.verdicts, VERDICT_ABSENT, LAYOUT_MOST);
    for (size_t i = 0; i < LAYOUT_MOST; i++)
        row.scores[i] = NAN;
    return row;
}

/* Zero points for everything look the same whatever they come from; a file that has only the wrong
 * name is worth a word. */
static const char *remark_of(
    struct report_class *c, const struct class_row *row, const struct view_result *r)
{
    const char *message = json_string_value(json_array_get(r->messages, 0));

    for (size_t i = 0; i < row->n_verdicts; i++)
        if (row->verdicts[i] != VERDICT_NOT_RUN && row->verdicts[i] != VERDICT_ABSENT)
            return "";
    if (!row->complete || !row->n_verdicts)
        return "";
    return error_text(c, message ? message : "No file of any exercise is in it.");
}

static struct class_row read_row(struct report_class *c, const struct view_result *r)
{
    struct class_row row = wide_row();

    row.score = r->score;
    row.max_score = r->max_score;
    row.complete = r->complete;
    for (size_t i = 0; i < r->n_exercises; i++) {
        struct view_exercise e = view_exercise_at(r, i);
        size_t number = exercise_of(c, &e, i);

        if (number == NAMES_NONE)
            continue;
        row.scores[number] = (float)e.score;
        if (number >= row.n_scores)
            row.n_scores = (uint32_t)number + 1;
        for (size_t k = 0; k < e.n_checks; k++) {
            struct view_check v = view_check_at(&e, k);

            add_check(c, &row, number, &v, k);
        }
    }
    if (*r->error)
        row.error = error_text(c, r->error);
    else if (!row.error)
        row.error = row.complete ? "" : "the result says that it is not complete";
    row.remark = remark_of(c, &row, r);
    return fitted(&row);
}

int report_class_add(struct report_class *c, const json_t *result, struct buf *err)
{
    struct view_result r = view_result(result);
    struct class_row row;
    size_t before = c->submission_names.count, i;

    if (!json_is_array(json_object_get(result, "exercises")))
        return fail(err, "This is not a result file: it has no list of exercises.");
    if (!json_is_string(json_object_get(result, "submission")))
        return fail(err, "This result does not say whose it is: it has no \"submission\".");
    row = read_row(c, &r);
    i = names_add(&c->submission_names, r.submission);
    if (i == before)
        c->rows = room(c->rows, i + 1, sizeof *c->rows);
    row_release(&c->rows[i]);
    row.submission = c->submission_names.texts[i];
    c->rows[i] = row;
    return 0;
}

unsigned class_verdict(const struct class_row *row, size_t check)
{
    return check < row->n_verdicts ? row->verdicts[check] : VERDICT_ABSENT;
}

double class_score(const struct class_row *row, size_t exercise)
{
    return exercise < row->n_scores ? (double)row->scores[exercise] : NAN;
}
