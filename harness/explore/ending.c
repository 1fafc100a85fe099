/* SPDX-License-Identifier: MIT */
/*
 * ending - from an execution to its outcome: verdict, the word for how it ended, the sentence.
 * Where each thing happened is added later (places.c), for the few outcomes that are shown.
 */
#include "explore/outcomes.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static const struct end_word {
    enum verdict verdict;
    const char *ended;
    const char *text; /* NULL: the runtime's */
} end_words[END_COUNT] = {
    [END_NONE] = {VERDICT_CRASH, "signal", "the program was killed, or destroyed its own memory"},
    [END_OK] = {VERDICT_PASS, "ok", NULL},
    [END_EXIT] = {VERDICT_WRONG, "exit", NULL},
    [END_ASSERT] = {VERDICT_CRASH, "assert", NULL},
    [END_ABORT] = {VERDICT_CRASH, "abort", NULL},
    [END_SIGNAL] = {VERDICT_CRASH, "signal", NULL},
    [END_DEADLOCK] = {VERDICT_DEADLOCK, "deadlock", NULL},
    [END_LIVELOCK] = {VERDICT_TIMEOUT, "livelock", NULL},
    [END_STEPS] = {VERDICT_TIMEOUT, "timeout", NULL},
    [END_CPU] = {VERDICT_TIMEOUT, "timeout",
        "the program ran on and on without coming to an end (an endless loop?)"},
    [END_STUCK] = {VERDICT_TIMEOUT, "timeout",
        "the program waits inside the system for something that explore does not control"},
    [END_STOPPED] = {VERDICT_NOT_IMPLEMENTED, "todo", NULL},
    [END_UNSUPPORTED] = {VERDICT_HARNESS_ERROR, "unsupported", NULL},
    [END_PRUNED] = {VERDICT_PASS, "ok", NULL},
    [END_DIVERGED] = {VERDICT_PASS, "diverged", NULL},
};

static void conclude(struct outcome *o, enum verdict verdict, const char *ended, char *text)
{
    free(o->ended);
    free(o->text);
    o->verdict = verdict;
    o->ended = xstrdup(ended);
    o->text = text;
}

static void conclude_end(struct outcome *o, const struct execution *x)
{
    const struct end_word *w = &end_words[x->result->end];

    conclude(o, w->verdict, w->ended,
        x->result->end == END_OK ? NULL : xstrdup(w->text ? w->text : x->result->text));
}

static void conclude_todo(struct outcome *o, const struct board *b)
{
    char file[BOARD_TEXT], function[BOARD_TEXT];
    const char *slash;

    memcpy(file, b->todo_file, sizeof(file));
    memcpy(function, b->todo_function, sizeof(function));
    file[sizeof(file) - 1] = function[sizeof(function) - 1] = '\0';
    slash = strrchr(file, '/');
    conclude(o, VERDICT_NOT_IMPLEMENTED, "todo",
        xasprintf("%s() is still to be written (%s:%d)", function, slash ? slash + 1 : file,
            b->todo_line));
}

/* What a complete run left behind, in the order of what a student should hear first. */
static void conclude_leftovers(struct outcome *o, const struct board *b)
{
    const struct {
        int number;
        enum verdict verdict;
        const char *one, *many;
    } left[] = {
        {atomic_load(&b->zombies_left), VERDICT_LEFTOVER,
            "a child process has ended and was never waited for (a zombie)",
            "child processes have ended and were never waited for (zombies)"},
        {atomic_load(&b->children_left), VERDICT_LEFTOVER,
            "a child process still runs when the work is over",
            "child processes still run when the work is over"},
        {atomic_load(&b->threads_unjoined), VERDICT_LEFTOVER, "1 thread was never joined",
            "threads were never joined"},
        {atomic_load(&b->threads_left), VERDICT_LEFTOVER,
            "1 thread still runs when the work is over", "threads still run when the work is over"},
        {atomic_load(&b->descriptors_left), VERDICT_LEAK, "1 descriptor is left open",
            "descriptors are left open"},
    };

    for (size_t i = 0; i < sizeof(left) / sizeof(left[0]); i++) {
        if (left[i].number <= 0)
            continue;
        conclude(o, left[i].verdict, left[i].verdict == VERDICT_LEAK ? "leak" : "leftover",
            left[i].number == 1 ? xstrdup(left[i].one)
                                : xasprintf("%d %s", left[i].number, left[i].many));
        return;
    }
}

static void conclude_board(struct outcome *o, const struct execution *x)
{
    if (x->stage == BOARD_TODO)
        conclude_todo(o, x->board);
    else if (x->result->end != END_OK && x->result->end != END_EXIT)
        return;
    else if (x->stage != BOARD_COMPLETE)
        conclude(o, VERDICT_FORGED, "exit",
            xasprintf("the program ended by itself (exit status %d) before the work was over",
                x->result->code));
    else
        conclude_leftovers(o, x->board);
}

/* Which finding decides about an execution that otherwise ended well. */
static const struct finding_word {
    const char *kind;
    enum verdict verdict; /* PASS: only a note */
    const char *ended;
    const char *text; /* NULL: the finding's own */
} finding_words[FINDING_KINDS] = {
    [FINDING_FREED] = {"memory", VERDICT_MEMERR, "memory", NULL},
    [FINDING_MISUSE] = {"misuse", VERDICT_WRONG, "misuse", NULL},
    [FINDING_RACE] = {"race", VERDICT_RACE, "race",
        "two threads access the same memory at the same time, and one of them writes (a data race)"},
    [FINDING_MAIN_LEFT] = {"leftover", VERDICT_LEFTOVER, "leftover", NULL},
    [FINDING_UNJOINED] = {"note", VERDICT_PASS, NULL, NULL},
    [FINDING_UNHEARD] = {"lost-wakeup", VERDICT_PASS, NULL, NULL},
    [FINDING_UNCONTROLLED] = {"note", VERDICT_PASS, NULL, NULL},
};

/* Findings by text: two that have nothing to do with each other may come in either order, and the
 * outcome is the same. Returns the next one of this kind after `last` (NULL: the first), or NULL.
 */
static const char *next_text(
    const struct execution *x, enum trace_finding_kind kind, const char *last)
{
    const char *next = NULL;

    for (uint32_t i = 0; i < x->result->n_findings; i++) {
        const struct trace_finding *f = &x->findings[i];

        if (f->kind == (uint32_t)kind && (!last || strcmp(f->text, last) > 0) &&
            (!next || strcmp(f->text, next) < 0))
            next = f->text;
    }
    return next;
}

/* … or that went on for longer than anybody follows. */
static void conclude_finding(
    struct outcome *o, const struct execution *x, enum trace_finding_kind kind)
{
    const struct finding_word *w = &finding_words[kind];
    const char *text = next_text(x, kind, NULL);

    bool unfinished = x->result->end == END_STEPS && o->verdict == VERDICT_TIMEOUT;

    if (text && (o->verdict == VERDICT_PASS || unfinished))
        conclude(o, w->verdict, w->ended, xstrdup(w->text ? w->text : text));
}

/* Kinds of findings, and the texts of those that have one: races differ by place only, and there
 * may be many places. */
static void key_of_findings(const struct execution *x, struct buf *key)
{
    for (int kind = 0; kind < FINDING_KINDS; kind++)
        for (const char *text = NULL; (text = next_text(x, (enum trace_finding_kind)kind, text));)
            buf_printf(key, "|%s:%s", finding_words[kind].kind, text);
}

static char *key_of(const struct outcome *o, const struct execution *x)
{
    struct buf key = BUF_EMPTY;
    char *facts = json_dumps(o->facts, JSON_SORT_KEYS | JSON_COMPACT);

    buf_printf(&key, "%s|%s|%s", o->ended, o->text ? o->text : "", facts ? facts : "");
    key_of_findings(x, &key);
    free(facts);
    return buf_detach(&key);
}

static int read_facts(const struct execution *x, struct outcome *o, struct buf *err)
{
    struct buf garbled = BUF_EMPTY;

    if (x->board && x->stage == BOARD_BROKEN)
        return fail(err, "The probe could not work: %.*s.", BOARD_TEXT - 1, x->board->sentence);
    if (x->board)
        o->facts = (json_t *)board_facts(x->board, &garbled);
    if (x->board && !o->facts)
        conclude(o, VERDICT_FORGED, "exit", buf_detach(&garbled));
    if (!o->facts)
        o->facts = json_object();
    buf_release(&garbled);
    return 0;
}

int outcome_of_execution(const struct execution *x, bool races_fail, struct outcome *ret,
    char **ret_key, struct buf *err)
{
    static const enum trace_finding_kind order[] = {
        FINDING_FREED, FINDING_MISUSE, FINDING_RACE, FINDING_MAIN_LEFT};

    conclude_end(ret, x);
    if (x->board)
        conclude_board(ret, x);
    if (read_facts(x, ret, err))
        return -1;
    for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
        if (order[i] != FINDING_RACE || races_fail)
            conclude_finding(ret, x, order[i]);
    ret->steps = x->result->n_events;
    ret->preemptions = (int)x->result->preemptions;
    *ret_key = key_of(ret, x);
    return 0;
}
