/* SPDX-License-Identifier: MIT */
#include "lab/explore_show.h"

#include "report/show.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define GOOD_END "a good end"

enum { WIDTH = 80, FACTS_WIDTH = 60, GROUPS_MOST = 6 };

/* How an execution can break off, in words that stand before "in 6 of 20". One that does not has
 * facts to tell. */
static const struct {
    const char *ended;
    const char *words;
} endings[] = {
    {"assert", "a failed assertion"},
    {"abort", "abort()"},
    {"exit", "an exit status that is not 0"},
    {"signal", "a crash"},
    {"deadlock", "a deadlock"},
    {"livelock", "a livelock"},
    {"timeout", "no end"},
};

/* Findings in an execution that came to its end, for programs that report no facts. */
static const struct {
    const char *ended;
    const char *words;
} findings[] = {
    {"ok", GOOD_END},
    {"race", "a data race"},
    {"misuse", "a call that its manual page forbids"},
    {"memory", "a use of memory that was freed"},
    {"leak", "something not given back"},
    {"leftover", "something left running"},
};

static const char *finding_words(const struct outcome *o)
{
    for (size_t i = 0; i < sizeof(findings) / sizeof(findings[0]); i++)
        if (!strcmp(findings[i].ended, o->ended))
            return findings[i].words;
    return o->ended;
}

/* NULL: it came to its end. */
static const char *ending_words(const struct outcome *o)
{
    for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++)
        if (!strcmp(endings[i].ended, o->ended))
            return endings[i].words;
    return NULL;
}

/* The facts that lab.conf names, where it does. */
static bool is_named(const struct hunt *h, const char *name)
{
    char *const *named = h->facts;

    for (; named && *named; named++)
        if (!strcmp(*named, name))
            return true;
    return !h->facts;
}

/* A fact tells outcomes apart when they have different values of it. */
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

/* Which facts are shown: the named ones that differ, or else any that differ, or else the named
 * ones. */
enum choice { NAMED_AND_DIFFERENT, DIFFERENT, NAMED };

static bool is_chosen(const struct hunt *h, const char *name, enum choice c)
{
    return (c == DIFFERENT || is_named(h, name)) && (c == NAMED || differs(h, name));
}

static bool chooses_any(const struct hunt *h, enum choice c)
{
    for (size_t i = 0; i < h->found.n_outcomes; i++) {
        const char *name;
        json_t *value;

        json_object_foreach (h->found.outcomes[i].facts, name, value)
            if (!ending_words(&h->found.outcomes[i]) && is_chosen(h, name, c))
                return true;
    }
    return false;
}

static void put_facts(
    const struct hunt *h, const struct outcome *o, enum choice choice, struct buf *out)
{
    size_t start = out->length;
    const char *name;
    json_t *value;

    json_object_foreach (o->facts, name, value) {
        const char *text = json_string_value(value);

        if (!is_chosen(h, name, choice))
            continue;
        if (out->length - start + strlen(name) + strlen(text) > FACTS_WIDTH) {
            buf_puts(out, " and more");
            break;
        }
        buf_puts(out, out->length > start ? " " : "");
        show_line(out, name);
        buf_putc(out, '=');
        show_line(out, text);
    }
    if (out->length == start)
        buf_puts(out, finding_words(o));
}

/* Outcomes that read the same are one group. */
struct group {
    char *words;
    long count;
};

static size_t group_outcomes(const struct hunt *h, struct group *groups)
{
    enum choice choice = NAMED_AND_DIFFERENT;
    size_t n = 0;

    while (choice < NAMED && !chooses_any(h, choice))
        choice++;

    for (size_t i = 0; i < h->found.n_outcomes; i++) {
        const struct outcome *o = &h->found.outcomes[i];
        struct buf words = BUF_EMPTY;
        size_t at = 0;

        if (ending_words(o))
            buf_puts(&words, ending_words(o));
        else
            put_facts(h, o, choice, &words);
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
    buf_printf(out, " of %ld interleaving%s", all, all == 1 ? "" : "s");
}

/* How much of everything that is: never more than was done. */
static const char *coverage(const struct hunt *h, struct buf *own)
{
    const struct explore_result *r = &h->found;

    if (r->complete)
        return h->unseen ? "explore sees no others" : "there are no others";
    if (r->first_failure && !h->options.keep_going)
        return "the search stopped at the first failure";
    if (r->bound < 0)
        return "there are more";
    buf_printf(own, "every one with at most %d preemption%s is among them, and there are more",
        r->bound, r->bound == 1 ? "" : "s");
    return buf_text(own);
}

static bool any_complaint(const struct hunt *h)
{
    for (size_t i = 0; i < h->found.n_outcomes; i++)
        if (hunt_complaint(h, i))
            return true;
    return false;
}

void show_outcomes(const struct hunt *h, struct buf *out)
{
    struct group *groups = xcalloc(h->found.n_outcomes + 1, sizeof(*groups));
    size_t n = group_outcomes(h, groups);
    struct buf own = BUF_EMPTY;

    qsort(groups, n, sizeof(*groups), by_count);
    if (n == 1 && (h->found.complete || !any_complaint(h))) {
        buf_printf(out, "%s%s: every one ends %s%s.", h->found.claim,
            h->unseen ? ", as far as explore sees what the program does" : "",
            strcmp(groups[0].words, GOOD_END) ? "with " : "",
            strcmp(groups[0].words, GOOD_END) ? groups[0].words : "well");
    } else if (n) {
        put_groups(groups, n, out);
        buf_printf(out, "; %s.", coverage(h, &own));
        if (h->found.weak_orders)
            buf_printf(out, " (%c%s.)", toupper(EXPLORE_WEAK_ORDERS[0]), &EXPLORE_WEAK_ORDERS[1]);
    }
    for (size_t i = 0; i < n; i++)
        free(groups[i].words);
    free(groups);
    buf_release(&own);
}

static void show_hunt(const struct hunt *h, struct buf *out)
{
    struct buf text = BUF_EMPTY;

    show_outcomes(h, &text);
    if (h->scenario)
        buf_printf(out, "%s%s%s\n  ", h->scenario, h->args && *h->args ? " " : "", h->args);
    show_wrapped(out, buf_text(&text), h->scenario ? 2 : 0, WIDTH);
    buf_putc(out, '\n');
    buf_release(&text);
}

static bool is_new(const struct hunt *h, size_t outcome, const char *text)
{
    for (size_t i = 0; i < outcome; i++)
        for (size_t k = 0; k < h->found.outcomes[i].n_findings; k++)
            if (!strcmp(h->found.outcomes[i].findings[k].text, text))
                return false;
    return true;
}

static void put_note(const char *text, struct buf *out)
{
    struct buf note = BUF_EMPTY;

    buf_printf(&note, "Note: %s", text);
    show_wrapped(out, buf_text(&note), 2, WIDTH);
    buf_putc(out, '\n');
    buf_release(&note);
}

/* What the schedule does not control, each thing once. */
static void show_notes(const struct hunt *h, struct buf *out)
{
    for (size_t i = 0; i < h->found.n_outcomes; i++) {
        const struct outcome *o = &h->found.outcomes[i];

        for (size_t k = 0; k < o->n_findings; k++)
            if (!strcmp(o->findings[k].kind, "note") && is_new(h, i, o->findings[k].text))
                put_note(o->findings[k].text, out);
    }
}

/* One thread alone, or a schedule of the judge's: there is nothing to tell apart. */
static bool is_trivial(const struct hunt *h)
{
    return h->found.n_outcomes == 1 && h->found.outcomes[0].count == 1 && !hunt_complaint(h, 0);
}

/* What is still to be written is said elsewhere. */
static bool is_refused(const struct hunt *h)
{
    return h->found.n_outcomes == 1 && (h->found.outcomes[0].verdict == VERDICT_NOT_IMPLEMENTED ||
                                           h->found.outcomes[0].verdict == VERDICT_HARNESS_ERROR);
}

static bool all_trivial(const struct exploration *e)
{
    for (size_t i = 0; i < e->n_hunts; i++)
        if (!is_trivial(&e->hunts[i]))
            return false;
    return true;
}

static void show_promise(const char *title, bool apart, struct buf *out)
{
    struct buf text = BUF_EMPTY;

    buf_printf(&text, "Promised: %s", title);
    buf_puts(out, apart ? "\n" : "");
    show_wrapped(out, buf_text(&text), 2, WIDTH);
    buf_putc(out, '\n');
    buf_release(&text);
}

void show_hunts(const struct exploration *e, struct buf *out)
{
    const struct check *check = NULL;

    if (e->target->note)
        put_note(e->target->note, out);
    for (size_t i = 0; i < e->n_hunts; i++) {
        const struct hunt *h = &e->hunts[i];

        if (is_refused(h) || (is_trivial(h) && !all_trivial(e)))
            continue;
        if (h->check && h->check != check)
            show_promise(h->check->title, check != NULL, out);
        check = h->check;
        show_hunt(h, out);
        show_notes(h, out);
    }
}
