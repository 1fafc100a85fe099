/* SPDX-License-Identifier: MIT */
#include "lab/findings_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The first row that occurs in a headline decides. */
static const struct kind kinds[] = {
    {"data race", "race", VERDICT_RACE, "two threads use the same memory without any order"},
    {"Possible data race", "race", VERDICT_RACE,
        "two threads use the same memory without any order"},
    {"heap-use-after-free", "memory", VERDICT_MEMERR, "memory is used after it was freed"},
    {"attempting double-free", "memory", VERDICT_MEMERR, "the same memory is freed twice"},
    {"heap-buffer-overflow", "memory", VERDICT_MEMERR, "memory beyond the end of a block is used"},
    {"stack-buffer-overflow", "memory", VERDICT_MEMERR,
        "memory beyond the end of an array is used"},
    {"detected memory leaks", NULL, VERDICT_LEAK, NULL},
    {"leak of", "leak", VERDICT_LEAK, "memory was allocated and never freed"},
    {"definitely lost in", "leak", VERDICT_LEAK, "memory was allocated and never freed"},
    {"unlock of an unlocked mutex", "misuse", VERDICT_WRONG,
        "a mutex is unlocked that is not locked, or by another thread than the one that locked it"},
    {"destroy of a locked mutex", "misuse", VERDICT_WRONG,
        "a mutex is destroyed while it is locked"},
    {"double lock of a mutex", "misuse", VERDICT_WRONG, "a thread locks a mutex that it holds"},
    {"use of an invalid mutex", "misuse", VERDICT_WRONG,
        "a mutex is used before it was initialised or after it was destroyed"},
    {"unlocked a", "misuse", VERDICT_WRONG,
        "a mutex is unlocked that is not locked, or by another thread than the one that locked it"},
    {"signal-unsafe call", NULL, VERDICT_PASS, NULL},
    {"runtime error: ", "undefined", VERDICT_MEMERR, NULL},
    {"Invalid read", "memory", VERDICT_MEMERR,
        "memory is read that does not belong to the program"},
    {"Invalid write", "memory", VERDICT_MEMERR,
        "memory is written that does not belong to the program"},
    {"Invalid free", "memory", VERDICT_MEMERR, "something is freed that is no block, or twice"},
    {"uninitialised", "memory", VERDICT_MEMERR, "a value is used that was never set"},
    {"still holds", "misuse", VERDICT_WRONG, "a thread ends while it holds a lock"},
    {"SUMMARY", NULL, VERDICT_PASS, NULL},
    {"ERROR: AddressSanitizer: SEGV", "memory", VERDICT_CRASH,
        "the program used an address that is not mapped (often a NULL pointer)"},
    {"ERROR: AddressSanitizer", "memory", VERDICT_MEMERR, NULL},
    {"WARNING: ThreadSanitizer", "misuse", VERDICT_WRONG, NULL},
};

const struct kind *block_kind(const char *headline)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (strstr(headline, kinds[i].words))
            return &kinds[i];
    return NULL;
}

/* A place in the kit's own runtime says nothing to a student. */
static bool is_ours(const char *file)
{
    static const char *const ours[] = {"native_", "scenario.c", "shared.c", "facts.c", "spy.c"};

    for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
        if (!strncmp(file, ours[i], strlen(ours[i])))
            return true;
    return false;
}

void block_stack(struct reader *r, struct stack stack)
{
    if (r->n_stacks < STACKS_MOST)
        r->stacks[r->n_stacks++] = stack;
}

void block_locks(struct reader *r, int locks)
{
    if (r->n_stacks)
        r->stacks[r->n_stacks - 1].locks = r->stacks[r->n_stacks - 1].guards = locks;
}

void block_frame(struct reader *r, const struct place *p)
{
    bool students = p->file && !strcmp(p->file, r->source->student);
    struct stack *s = r->n_stacks ? &r->stacks[r->n_stacks - 1] : NULL;

    if (!s || !p->file || is_ours(p->file) || (s->file && (s->students || !students)))
        return;
    free(s->file);
    free(s->function);
    s->file = xstrdup(p->file);
    s->function = xstrdup(p->function);
    s->line = p->line;
    s->students = students;
}

/* Does `a` say better than `b` where the student has to look? Of the two sides of a race, it is the
 * one that held less: the other one may be as it should. */
static bool says_more(const struct stack *a, const struct stack *b)
{
    if (!a->file || !b->file || a->students != b->students)
        return a->file && (!b->file || a->students);
    return a->access && b->access && a->guards < b->guards;
}

static const struct stack *find_place(const struct reader *r)
{
    const struct stack *best = &r->stacks[0];

    for (size_t i = 1; i < r->n_stacks; i++)
        if (says_more(&r->stacks[i], best))
            best = &r->stacks[i];
    return best;
}

/* The other side of a race, if it is in the student's file, too. */
static const struct stack *find_other(const struct reader *r, const struct stack *place)
{
    for (size_t i = 0; i < r->n_stacks; i++)
        if (&r->stacks[i] != place && place->access && r->stacks[i].access && r->stacks[i].students)
            return &r->stacks[i];
    return NULL;
}

/* Where locks play no part (the order comes of a join, say), the lack of them is no news. */
static bool speaks_of_locks(const struct reader *r)
{
    for (size_t i = 0; i < r->n_stacks; i++)
        if (r->stacks[i].locks)
            return true;
    return false;
}

static void put_held(const struct stack *s, struct buf *out)
{
    if (s->locks && !s->guards)
        buf_puts(out, "a lock for reading only");
    else if (s->guards > 1)
        buf_printf(out, "%d locks", s->guards);
    else
        buf_puts(out, s->guards ? "a lock" : "no lock");
}

static const char *sentence_of(const struct reader *r)
{
    return r->kind->sentence ? r->kind->sentence : r->headline;
}

/* "a thread writes, holding a lock, at" */
static void put_said(const struct stack *s, bool locks, struct buf *out)
{
    buf_printf(out, "\n  %s", s->say);
    if (s->access && locks) {
        buf_puts(out, ", holding ");
        put_held(s, out);
        buf_putc(out, ',');
    }
    buf_puts(out, " at");
}

/* The sentence, and of each stack the frame that the student can change. */
static void put_story(const struct reader *r, struct buf *out)
{
    bool locks = speaks_of_locks(r);

    buf_puts(out, sentence_of(r));
    for (size_t i = 0; i < r->n_stacks; i++) {
        const struct stack *s = &r->stacks[i];

        if (s->hidden)
            continue;
        if (s->say)
            put_said(s, locks, out);
        if (s->students)
            buf_printf(out, "\n    %s:%d in %s()", s->file, s->line, s->function);
    }
}

/* "(x.c:24)", "(x.c:24 and x.c:16)", "(x.c:24 holds no lock, x.c:16 holds a lock)" */
static void put_places(const struct reader *r, const struct stack *place, struct buf *out)
{
    const struct stack *other = place->students ? find_other(r, place) : NULL;

    if (!place->file)
        return;
    buf_printf(out, " (%s:%d", place->file, place->line);
    if (other && other->guards != place->guards) {
        buf_puts(out, " holds ");
        put_held(place, out);
        buf_printf(out, ", %s:%d holds ", other->file, other->line);
        put_held(other, out);
    } else if (other && other->line != place->line) {
        buf_printf(out, " and %s:%d", other->file, other->line);
    }
    buf_putc(out, ')');
}

static void conclude(struct reader *r, const struct stack *place)
{
    struct outcome *o = r->outcome;
    struct buf text = BUF_EMPTY;

    put_story(r, &text);
    outcome_add_finding(o, r->kind->kind, place->file, place->line, buf_text(&text));
    buf_clear(&text);
    if (o->verdict == VERDICT_PASS) {
        o->verdict = r->kind->verdict;
        buf_puts(&text, sentence_of(r));
        put_places(r, place, &text);
        free(o->text);
        o->text = xstrdup(buf_text(&text));
    }
    buf_release(&text);
}

void block_open(struct reader *r, const struct kind *kind, const char *headline)
{
    block_close(r);
    r->kind = kind;
    r->headline = xstrdup(headline);
    block_stack(r, (struct stack){0});
}

void block_close(struct reader *r)
{
    if (r->kind && r->kind->kind && r->outcome->n_findings < FINDINGS_MOST)
        conclude(r, find_place(r));
    while (r->n_stacks) {
        struct stack *s = &r->stacks[--r->n_stacks];

        free(s->file);
        free(s->function);
    }
    free(r->headline);
    r->headline = NULL;
    r->kind = NULL;
}
