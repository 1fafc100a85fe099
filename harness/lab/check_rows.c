/* SPDX-License-Identifier: MIT */
#include "lab/check_parts.h"

#include "base/io.h"

#include <stdlib.h>
#include <string.h>

enum verdict check_verdict_of(const json_t *row)
{
    enum verdict v = VERDICT_HARNESS_ERROR;
    const char *name = json_string_value(json_object_get(row, "verdict"));

    if (name)
        verdict_parse(name, &v);
    return v;
}

void check_set_row(struct schedule *s, struct grading *g, struct row *r, json_t *json)
{
    json_array_set(json_object_get(g->json, "checks"), (size_t)(r - g->rows), json);
    json_decref(r->json);
    r->json = json;
    r->state = ROW_DONE;
    if (s->spec->on_row)
        s->spec->on_row(s->spec->arg, g->json, json);
}

void check_decide(
    struct schedule *s, struct grading *g, struct row *r, enum verdict v, const char *message)
{
    check_set_row(s, g, r, tally_plain_row(g->exercise, r->check, v, message));
}

struct row *check_find_row(struct grading *g, const char *test, const char *tool)
{
    for (size_t i = 0; i < g->n_rows; i++)
        if (!strcmp(g->rows[i].check->test, test) && !strcmp(g->rows[i].check->under, tool))
            return &g->rows[i];
    return NULL;
}

/* "test@tool" → the row, or NULL when it is not part of this run. */
static struct row *needed_row(struct grading *g, const char *needs)
{
    for (size_t i = 0; i < g->n_rows; i++) {
        const struct check *c = g->rows[i].check;
        size_t length = strlen(c->test);

        if (!strncmp(needs, c->test, length) && needs[length] == '@' &&
            !strcmp(needs + length + 1, c->under))
            return &g->rows[i];
    }
    return NULL;
}

/* A file that does not compile does so under every tool; a stub is a stub under every tool. */
void check_spread(struct schedule *s, struct grading *g, const json_t *row)
{
    enum verdict v = check_verdict_of(row);
    bool todo = v == VERDICT_NOT_IMPLEMENTED;

    if ((v != VERDICT_COMPILE && v != VERDICT_REJECTED && !todo) || (todo && !g->n_plain))
        return;
    for (size_t i = 0; todo && i < g->n_rows; i++)
        if (!strcmp(g->rows[i].check->under, "plain") &&
            (g->rows[i].state != ROW_DONE || check_verdict_of(g->rows[i].json) != v))
            return;
    for (size_t i = 0; i < g->n_rows; i++) {
        struct row *r = &g->rows[i];

        if (r->state == ROW_OPEN) {
            json_t *json = tally_plain_row(
                g->exercise, r->check, v, json_string_value(json_object_get(row, "message")));

            json_object_set(json, "findings", json_object_get(row, "findings"));
            check_set_row(s, g, r, json);
        }
    }
}

/* Rows whose needed row has failed will never run. */
void check_refuse(struct schedule *s, struct grading *g)
{
    for (size_t i = 0; i < g->n_rows; i++) {
        struct row *r = &g->rows[i];
        struct row *needed = r->check->needs ? needed_row(g, r->check->needs) : NULL;
        enum verdict v;
        char *message;

        if (r->state != ROW_OPEN || !needed || needed->state != ROW_DONE)
            continue;
        v = check_verdict_of(needed->json);
        if (v == VERDICT_PASS)
            continue;
        if (v == VERDICT_HARNESS_ERROR)
            message = xasprintf(
                "%s could not be graded, and this check depends on it.", r->check->needs);
        else
            message = xasprintf("not run, because \"%s\" (%s) did not pass", needed->check->title,
                needed->check->under);
        check_decide(s, g, r,
            v == VERDICT_HARNESS_ERROR || v == VERDICT_NOT_IMPLEMENTED ? v : VERDICT_NOT_RUN,
            v == VERDICT_NOT_IMPLEMENTED
                ? json_string_value(json_object_get(needed->json, "message"))
                : message);
        free(message);
    }
}

/* May this row start? A need under the same tool is met by an earlier session of that tool. */
bool check_is_ready(struct grading *g, const struct row *r)
{
    struct row *needed = r->check->needs ? needed_row(g, r->check->needs) : NULL;

    return r->state == ROW_OPEN && (!needed || needed->state == ROW_DONE);
}

bool check_waits(struct grading *g, const struct row *r)
{
    struct row *needed = r->check->needs ? needed_row(g, r->check->needs) : NULL;

    return r->state == ROW_OPEN && needed && needed->state != ROW_DONE &&
           strcmp(needed->check->under, r->check->under) != 0;
}

static bool wanted(const struct check_item *item, const struct check *c)
{
    if (item->without && !strcmp(item->without, c->under))
        return false;
    return (!item->tool || !strcmp(item->tool, c->under)) &&
           (!item->test || !strcmp(item->test, c->test));
}

static bool says_todo(const char *source)
{
    struct buf text = BUF_EMPTY;
    bool found = source && !io_read_file(source, 0, &text, NULL) &&
                 strstr(buf_text(&text), "LAB_TODO");

    buf_release(&text);
    return found;
}

void check_begin(struct schedule *s, const struct check_item *item)
{
    struct grading *g = &s->gradings[s->n_gradings++];
    const struct manifest *m = item->exercise;

    *g = (struct grading){.exercise = m,
        .source = item->source,
        .keep = item->keep,
        .seed = item->seed ? item->seed : s->spec->seed,
        .seeded = item->seed != 0,
        .may_be_stub = says_todo(item->source),
        .as = item->as ? tool_find(item->as) : NULL};
    g->json = json_pack("{s:s, s:s, s:s, s:s, s:i, s:[]}", "id", m->id, "title", m->title, "unit",
        m->unit, "file", m->edit, "minutes", m->minutes, "checks");
    for (size_t i = 0; i < m->n_checks && g->n_rows < SESSION_CHECKS; i++) {
        struct row *r;

        if (!wanted(item, &m->checks[i]))
            continue;
        r = &g->rows[g->n_rows++];
        r->check = &m->checks[i];
        r->json = tally_plain_row(m, r->check, VERDICT_NOT_RUN, NULL);
        g->n_plain += !strcmp(r->check->under, "plain");
        json_array_append(json_object_get(g->json, "checks"), r->json);
    }
    for (size_t i = 0; !item->source && i < g->n_rows; i++)
        check_decide(s, g, &g->rows[i], VERDICT_NOT_RUN, item->missing);
}
