/* SPDX-License-Identifier: MIT */
#include "base/outcome.h"

#include <stdlib.h>
#include <string.h>

static char *copy_or_null(const char *text)
{
    return text ? xstrdup(text) : NULL;
}

void outcome_add_finding(
    struct outcome *o, const char *kind, const char *file, int line, const char *text)
{
    struct finding *f;

    o->findings = xrealloc(o->findings, (o->n_findings + 1) * sizeof(*o->findings));
    f = &o->findings[o->n_findings++];
    f->kind = copy_or_null(kind);
    f->file = copy_or_null(file);
    f->line = line;
    f->text = copy_or_null(text);
}

static void set_text(json_t *object, const char *key, const char *text)
{
    json_t *value;

    if (!text)
        return;
    value = json_string(text);
    if (!value) { /* not UTF-8: data of the student's program; keep what is readable */
        char *plain = xstrdup(text);

        for (char *c = plain; *c; c++)
            if ((unsigned char)*c >= 0x80)
                *c = '?';
        value = json_string(plain);
        free(plain);
    }
    json_object_set_new(object, key, value);
}

json_t *outcome_to_json(const struct outcome *o)
{
    json_t *j = json_object();
    json_t *findings = json_array();

    json_object_set_new(j, "count", json_integer(o->count));
    set_text(j, "ended", o->ended ? o->ended : "ok");
    set_text(j, "verdict", verdict_name(o->verdict));
    json_object_set_new(j, "facts", o->facts ? json_deep_copy(o->facts) : json_object());
    set_text(j, "text", o->text);
    set_text(j, "schedule", o->schedule);
    if (o->schedule) {
        json_object_set_new(j, "steps", json_integer(o->steps));
        json_object_set_new(j, "preemptions", json_integer(o->preemptions));
    }
    for (size_t i = 0; i < o->n_findings; i++) {
        json_t *f = json_object();

        set_text(f, "kind", o->findings[i].kind);
        set_text(f, "file", o->findings[i].file);
        json_object_set_new(f, "line", json_integer(o->findings[i].line));
        set_text(f, "text", o->findings[i].text);
        json_array_append_new(findings, f);
    }
    json_object_set_new(j, "findings", findings);
    return j;
}

static char *get_text(const json_t *j, const char *key)
{
    return copy_or_null(json_string_value(json_object_get(j, key)));
}

int outcome_from_json(const json_t *j, struct outcome *ret_outcome, struct buf *err)
{
    struct outcome o = OUTCOME_EMPTY;
    const char *verdict = json_string_value(json_object_get(j, "verdict"));
    size_t i;
    json_t *f;

    if (!json_is_object(j) || !verdict || !verdict_parse(verdict, &o.verdict))
        return fail(err, "An outcome is not in the form that this kit writes.");
    o.count = (long)json_integer_value(json_object_get(j, "count"));
    o.ended = get_text(j, "ended");
    o.text = get_text(j, "text");
    o.schedule = get_text(j, "schedule");
    o.steps = (long)json_integer_value(json_object_get(j, "steps"));
    o.preemptions = (int)json_integer_value(json_object_get(j, "preemptions"));
    o.facts = json_deep_copy(json_object_get(j, "facts"));
    json_array_foreach (json_object_get(j, "findings"), i, f)
        outcome_add_finding(&o, json_string_value(json_object_get(f, "kind")),
            json_string_value(json_object_get(f, "file")),
            (int)json_integer_value(json_object_get(f, "line")),
            json_string_value(json_object_get(f, "text")));
    *ret_outcome = o;
    return 0;
}

const char *outcome_fact(const struct outcome *o, const char *name)
{
    return json_string_value(json_object_get(o->facts, name));
}

void outcome_release(struct outcome *o)
{
    for (size_t i = 0; i < o->n_findings; i++) {
        free(o->findings[i].kind);
        free(o->findings[i].file);
        free(o->findings[i].text);
    }
    free(o->findings);
    free(o->ended);
    free(o->text);
    free(o->schedule);
    json_decref(o->facts);
    *o = OUTCOME_EMPTY;
}
