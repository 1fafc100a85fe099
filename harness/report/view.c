/* SPDX-License-Identifier: MIT */
#include "report/view.h"

#include "report/show.h"

#include <math.h>
#include <string.h>

const char *view_text(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text ? text : "";
}

double view_number(const json_t *object, const char *key)
{
    double number = json_number_value(json_object_get(object, key));

    return isfinite(number) ? number : 0;
}

static const json_t *array(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);

    return json_is_array(value) ? value : NULL;
}

struct view_check view_check(const json_t *j)
{
    struct view_check c = {
        .id = view_text(j, "id"),
        .tool = view_text(j, "tool"),
        .title = view_text(j, "title"),
        .message = view_text(j, "message"),
        .needs = view_text(j, "needs"),
        .repeat = view_text(j, "repeat"),
        .verdict = VERDICT_HARNESS_ERROR,
        .score = view_number(j, "score"),
        .max_score = view_number(j, "max_score"),
        .duration_ms = view_number(j, "duration_ms"),
        .assertions = (long)view_number(j, "assertions"),
        .outcomes = array(j, "outcomes"),
        .json = j,
    };
    const char *slash = strrchr(c.id, '/');

    c.test = slash ? slash + 1 : c.id;
    if (!*c.title)
        c.title = c.test;
    verdict_parse(view_text(j, "verdict"), &c.verdict);
    return c;
}

struct view_exercise view_exercise(const json_t *j)
{
    struct view_exercise e = {
        .id = view_text(j, "id"),
        .title = view_text(j, "title"),
        .unit = view_text(j, "unit"),
        .file = view_text(j, "file"),
        .score = view_number(j, "score"),
        .max_score = view_number(j, "max_score"),
        .minutes = view_number(j, "minutes"),
        .checks = array(j, "checks"),
    };

    e.n_checks = json_array_size(e.checks);
    for (size_t i = 0; i < e.n_checks; i++)
        e.count[view_check_at(&e, i).verdict]++;
    return e;
}

struct view_result view_result(const json_t *j)
{
    struct view_result r = {
        .submission = view_text(j, "submission"),
        .kit = view_text(j, "kit"),
        .sandbox = view_text(j, "sandbox"),
        .error = view_text(j, "error"),
        .score = view_number(j, "score"),
        .max_score = view_number(j, "max_score"),
        .duration_ms = view_number(j, "duration_ms"),
        .exercises = array(j, "exercises"),
        .messages = array(j, "messages"),
    };
    const json_t *complete = json_object_get(j, "complete");

    r.n_exercises = json_array_size(r.exercises);
    for (size_t i = 0; i < r.n_exercises; i++) {
        struct view_exercise e = view_exercise_at(&r, i);

        r.n_checks += e.n_checks;
        for (size_t v = 0; v < VERDICT_COUNT; v++)
            r.count[v] += e.count[v];
    }
    /* A result never counts as complete because somebody forgot to say that it is not. */
    r.complete = json_is_true(complete) && !*r.error && !r.count[VERDICT_HARNESS_ERROR];
    return r;
}

struct view_exercise view_exercise_at(const struct view_result *r, size_t i)
{
    return view_exercise(json_array_get(r->exercises, i));
}

struct view_check view_check_at(const struct view_exercise *e, size_t i)
{
    return view_check(json_array_get(e->checks, i));
}

void view_file(const struct view_exercise *e, struct buf *out)
{
    if (*e->file)
        buf_puts(out, e->file);
    else
        buf_printf(out, "%s.c", e->id);
}

static void path_part(struct buf *out, const char *part)
{
    const char *base = strrchr(part, '/');

    base = base ? base + 1 : part;
    if (!*base || !strcmp(base, ".") || !strcmp(base, ".."))
        return;
    if (out->length)
        buf_putc(out, '/');
    show_line(out, base);
}

void view_path(const char *prefix, const struct view_exercise *e, const char *file, struct buf *out)
{
    struct buf path = BUF_EMPTY;

    if (prefix && *prefix)
        show_line(&path, prefix);
    path_part(&path, e->unit);
    path_part(&path, e->id);
    path_part(&path, file);
    buf_puts(out, buf_text(&path));
    buf_release(&path);
}

static json_t *cleaned(void (*show)(struct buf *, const char *), const char *text)
{
    struct buf clean = BUF_EMPTY;
    json_t *string;

    show(&clean, text);
    string = json_string(buf_text(&clean));
    buf_release(&clean);
    return string;
}

json_t *view_clean(const char *text)
{
    return cleaned(show_text, text);
}

json_t *view_clean_line(const char *text)
{
    return cleaned(show_line, text);
}

void view_check_name(const struct view_check *c, struct buf *out)
{
    show_line(out, c->test);
    if (*c->tool) {
        buf_putc(out, '@');
        show_line(out, c->tool);
    }
}

const char *view_note(const struct view_check *c, size_t i)
{
    const json_t *notes = json_object_get(c->json, "notes");
    const char *text = json_string_value(json_is_array(notes) ? json_array_get(notes, i) : notes);

    if (i >= (json_is_array(notes) ? json_array_size(notes) : (size_t)json_is_string(notes)))
        return NULL;
    return text ? text : "";
}

static void add_once(json_t *all, json_t *finding)
{
    size_t i;
    json_t *old;

    json_array_foreach (all, i, old)
        if (json_equal(old, finding))
            return;
    json_array_append(all, finding);
}

json_t *view_findings(const struct view_check *c)
{
    json_t *all = json_array();
    json_t *outcome, *finding;
    size_t i, k;

    json_array_foreach (json_object_get(c->json, "findings"), i, finding)
        add_once(all, finding);
    json_array_foreach (c->outcomes, i, outcome) {
        json_array_foreach (json_object_get(outcome, "findings"), k, finding)
            add_once(all, finding);
    }
    return all;
}

long view_place(const struct view_check *c, const char **ret_file)
{
    json_t *all = view_findings(c);
    json_t *finding;
    long line = 0;
    size_t i;

    json_array_foreach (all, i, finding) {
        double number = view_number(finding, "line");

        if (!*view_text(finding, "file") || number < 1 || number > 10e6)
            continue;
        *ret_file = view_text(finding, "file"); /* kept alive by the result */
        line = (long)number;
        break;
    }
    json_decref(all);
    return line;
}

bool view_failed(const json_t *outcome)
{
    const char *verdict = view_text(outcome, "verdict");

    return json_is_true(json_object_get(outcome, "failed")) ||
           (*verdict && strcmp(verdict, "PASS") != 0);
}

double view_interleavings(const struct view_check *c)
{
    double total = view_number(c->json, "interleavings");
    json_t *o;
    size_t i;

    if (total > 0)
        return total;
    json_array_foreach (c->outcomes, i, o)
        total += view_number(o, "count");
    return total;
}

bool view_fact_is_common(const json_t *outcomes, const char *key, const json_t *fact)
{
    size_t i, have = 0;
    json_t *o;

    json_array_foreach (outcomes, i, o) {
        const json_t *other = json_object_get(json_object_get(o, "facts"), key);

        if (other && !json_equal(other, fact))
            return false;
        have += other != NULL;
    }
    return have > 1;
}

bool view_text_is_common(const json_t *outcomes, const char *text)
{
    json_t *o;
    size_t i;

    json_array_foreach (outcomes, i, o)
        if (strcmp(view_text(o, "text"), text) != 0)
            return false;
    return true;
}

const char *view_schedule(const struct view_check *c)
{
    const char *any = "";
    const json_t *outcome;
    size_t i, n = 0;

    if (*view_text(c->json, "schedule"))
        return view_text(c->json, "schedule");
    json_array_foreach (c->outcomes, i, outcome) {
        const char *schedule = view_text(outcome, "schedule");

        if (*schedule && view_failed(outcome))
            return schedule;
        if (*schedule) {
            any = schedule;
            n++;
        }
    }
    return n == 1 ? any : "";
}
