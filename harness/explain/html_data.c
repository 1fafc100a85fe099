/* SPDX-License-Identifier: MIT */
/*
 * The page's data, as small as can be: state is told once, then what changes at each stop.
 *
 *     { "threads": [{ "name": "thread 1", "lane": 0 }],
 *       "things": [{ "name": "counter.value", "kind": "variable", "key": true }],
 *       "stops": [{ "step": 3, "thread": 1, "what": "reads counter.value: 0",
 *                   "things": [[0, "1", 2, "0"]],    index, value (null: unknown), who wrote it,
 *                                                    what this step found there (or null)
 *                   "locks": [[1, [2]]],             index, who holds it
 *                   "at": [[1, "waits", "counter.c", 8, "waits for lock", 1]] }] }
 *
 * The first stop is "before the first step", the last one is the end. All texts are clean.
 */
#include "explain/html.h"
#include "explain/state.h"

static const char *const kinds[THING_KINDS] = {
    [THING_VARIABLE] = "variable",
    [THING_LOCK] = "lock",
    [THING_CONDITION] = "condition",
    [THING_SEMAPHORE] = "semaphore",
    [THING_BARRIER] = "barrier",
    [THING_ONCE] = "once",
    [THING_PIPE] = "pipe",
};

static const char *const standings[] = {
    [STANDING_UNBORN] = "unborn",
    [STANDING_READY] = "ready",
    [STANDING_WAITS] = "waits",
    [STANDING_ENDED] = "ended",
};

static json_t *text_or_null(const char *text)
{
    json_t *j = text ? json_string(text) : NULL;

    return j ? j : json_null();
}

static json_t *threads(const struct html *h)
{
    json_t *all = json_array();
    const struct story *s = h->story;

    for (uint32_t i = 0; i < s->trace.result->n_tasks; i++) {
        int column = layout_column(&h->rows, (int)i);

        json_array_append_new(all,
            json_pack("{s:o, s:i}", "name", text_or_null(story_task(s, (int)i)), "lane", column));
    }
    return all;
}

static json_t *things(const struct state *st)
{
    json_t *all = json_array();

    for (size_t i = 0; i < st->n_things; i++)
        json_array_append_new(
            all, json_pack("{s:o, s:s, s:b}", "name", text_or_null(st->things[i].name), "kind",
                     kinds[st->things[i].kind], "key", st->things[i].is_key));
    return all;
}

static json_t *holders(const struct known_thing *x)
{
    json_t *all = json_array();

    for (int i = 0; i < TRACE_TASKS; i++)
        if (task_set_has(&x->holders, (unsigned)i))
            json_array_append_new(all, json_integer(i));
    return all;
}

/* `row`: the step that the stop is at; NULL: it is none. */
static void put_things(struct state *st, const struct row *row, json_t *stop)
{
    int own = row ? st->thing_of[2 * row->event] : -1;
    json_t *values = json_array(), *locks = json_array();

    for (size_t i = 0; i < st->n_things; i++) {
        struct known_thing *x = &st->things[i];

        if (!x->changed && st->at)
            continue;
        x->changed = false;
        if (x->kind == THING_LOCK)
            json_array_append_new(locks, json_pack("[i, o]", (int)i, holders(x)));
        else
            json_array_append_new(
                values, json_pack("[i, o, i, o]", (int)i, text_or_null(x->value), x->by,
                            text_or_null((int)i == own ? row->old : NULL)));
    }
    json_object_set_new(stop, "things", values);
    json_object_set_new(stop, "locks", locks);
}

static void put_standings(struct state *st, json_t *stop)
{
    json_t *at = json_array();

    for (uint32_t i = 0; i < st->story->trace.result->n_tasks; i++) {
        struct standing *x = &st->tasks[i];

        if (!x->changed)
            continue;
        x->changed = false;
        json_array_append_new(
            at, json_pack("[i, s, o, i, o, i]", (int)i, standings[x->kind], text_or_null(x->file),
                    x->line, text_or_null(x->text), x->thing));
    }
    json_object_set_new(stop, "at", at);
}

static json_t *stop_of(const struct row *r)
{
    return json_pack("{s:i, s:i, s:o, s:i, s:o}", "step", (int)r->number, "thread", r->task, "file",
        text_or_null(r->file), "line", r->line, "what", text_or_null(r->what));
}

static json_t *stops(const struct html *h, struct state *st)
{
    const struct story *s = h->story;
    json_t *all = json_array();

    for (size_t i = 0; i <= h->n_stops + 1; i++) {
        const struct row *row = i >= 1 && i <= h->n_stops ? &s->rows[h->stops[i - 1]] : NULL;
        json_t *stop = row ? stop_of(row) : json_object();

        if (i)
            state_goto(st, row ? row->event + 1 : s->trace.result->n_events);
        put_things(st, row, stop);
        put_standings(st, stop);
        json_array_append_new(all, stop);
    }
    return all;
}

json_t *html_data(const struct html *h)
{
    struct state *st = state_open(h->story);
    json_t *data = json_pack("{s:o, s:o}", "threads", threads(h), "things", things(st));
    const char *main_file = sources_main(names_sources(h->story->names));

    json_object_set_new(data, "file", text_or_null(main_file));
    json_object_set_new(data, "stops", stops(h, st));
    state_close(st);
    return data;
}
