/* SPDX-License-Identifier: MIT */
#include "lab/explore_show.h"

#include "report/show.h"

#include <stdlib.h>
#include <string.h>

enum { WIDTH = 80, FACTS_WIDTH = 60, GROUPS_MOST = 6 };

/* How an execution can end, in words that stand before "in 6". NULL: its facts say it. */
static const struct {
    const char *ended;
    const char *words;
} endings[] = {
    {"ok", NULL},
    {"race", NULL},
    {"misuse", NULL},
    {"memory", NULL},
    {"leak", NULL},
    {"leftover", NULL},
    {"assert", "a failed assertion"},
    {"abort", "abort()"},
    {"exit", "an exit status that is not 0"},
    {"signal", "a crash"},
    {"deadlock", "a deadlock"},
    {"livelock", "a livelock"},
    {"timeout", "no end"},
};

static const char *ending_words(const struct outcome *o)
{
    for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++)
        if (!strcmp(endings[i].ended, o->ended))
            return endings[i].words;
    return o->ended;
}

/* Facts are worth showing where they differ; where none does, all of them. */
static bool differs(const struct hunt *h, const char *name)
{
    const char *first = NULL;

    for (size_t i = 0; i < h->found.n_outcomes; i++) {
        const struct outcome *o = &h->found.outcomes[i];
        const char *value = outcome_fact(o, name);

        if (ending_words(o))
            continue;
        if (first && (!value || strcmp(first, value) != 0))
            return true;
        first = value;
    }
    return false;
}

static bool any_differs(const struct hunt *h)
{
    for (size_t i = 0; i < h->found.n_outcomes; i++) {
        const char *name;
        json_t *value;

        json_object_foreach(h->found.outcomes[i].facts, name,
            value) if (!ending_words(&h->found.outcomes[i]) && differs(h, name)) return true;
    }
    return false;
}

static void put_facts(const struct hunt *h, const struct outcome *o, struct buf *out)
{
    bool all = !any_differs(h);
    size_t start = out->length;
    const char *name;
    json_t *value;

    json_object_foreach(o->facts, name, value)
    {
        const char *text = json_string_value(value);

        if (!all && !differs(h, name))
            continue;
        if (out->length - start + strlen(name) + strlen(text) > FACTS_WIDTH) {
            buf_puts(out, " ...");
            break;
        }
        buf_puts(out, out->length > start ? " " : "");
        show_line(out, name);
        buf_putc(out, '=');
        show_line(out, text);
    }
    if (out->length == start)
        buf_puts(out, "a good end");
}

/* Outcomes that read the same are one group. */
struct group {
    char *words;
    long count;
};

static size_t group_outcomes(const struct hunt *h, struct group *groups)
{
    size_t n = 0;

    for (size_t i = 0; i < h->found.n_outcomes; i++) {
        const struct outcome *o = &h->found.outcomes[i];
        struct buf words = BUF_EMPTY;
        size_t at = 0;

        if (ending_words(o))
            buf_puts(&words, ending_words(o));
        else
            put_facts(h, o, &words);
        while (at < n && strcmp(groups[at].words, buf_text(&words)) != 0)
            at++;
        if (at == n)
            groups[n++] = (struct group){.words = xstrdup(buf_text(&words))};
        groups[at].count += o->count;
        buf_release(&words);
    }
    return n;
}

static int by_count(const void *a, const void *b)
{
    const struct group *x = a, *y = b;

    return (y->count > x->count) - (y->count < x->count);
}

static void put_groups(const struct group *groups, size_t n, struct buf *out)
{
    long all = 0, rest = 0;

    for (size_t i = 0; i < n; i++) {
        all += groups[i].count;
        if (i < GROUPS_MOST)
            buf_printf(out, "%s%s in %ld", i ? ", " : "", groups[i].words, groups[i].count);
        else
            rest += groups[i].count;
    }
    if (rest)
        buf_printf(out, ", something else in %ld", rest);
    buf_printf(out, " of %ld interleavings", all);
}

void show_outcomes(const struct hunt *h, struct buf *out)
{
    struct group *groups = xcalloc(h->found.n_outcomes + 1, sizeof(*groups));
    size_t n = group_outcomes(h, groups);

    qsort(groups, n, sizeof(*groups), by_count);
    if (n == 1)
        buf_printf(out, "every one ends with %s", groups[0].words);
    else if (n)
        put_groups(groups, n, out);
    for (size_t i = 0; i < n; i++)
        free(groups[i].words);
    free(groups);
}

static void show_hunt(const struct hunt *h, struct buf *out)
{
    struct buf text = BUF_EMPTY;

    if (h->scenario)
        buf_printf(out, "%s%s%s\n  ", h->scenario, h->args && *h->args ? " " : "", h->args);
    buf_printf(&text, "%s: ", h->found.claim);
    show_outcomes(h, &text);
    buf_puts(&text, ".");
    show_wrapped(out, buf_text(&text), h->scenario ? 2 : 0, WIDTH);
    buf_putc(out, '\n');
    buf_release(&text);
}

void show_hunts(const struct exploration *e, struct buf *out)
{
    const struct check *check = NULL;

    for (size_t i = 0; i < e->n_hunts; i++) {
        const struct hunt *h = &e->hunts[i];

        if (h->check && h->check != check)
            buf_printf(out, "%sPromised: %s\n", i ? "\n" : "", h->check->title);
        check = h->check;
        show_hunt(h, out);
    }
}
