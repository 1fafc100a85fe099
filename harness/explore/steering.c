/* SPDX-License-Identifier: MIT */
#include "explore/steering.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_UNITS = 512, MOST_PCS = 16, MOST_SITES = 256 };

/* Eight bytes of shared memory: the instructions that read and write there, and who saw whom. */
struct unit {
    uint64_t unit;
    uint32_t n_readers, n_writers;
    uint64_t readers[MOST_PCS];
    uint64_t writers[MOST_PCS]; /* [0] is 0: the first value, before any write */
    uint16_t seen[MOST_PCS];    /* by reader: one bit per writer */
    uint64_t last_writer;       /* while an execution is read */
    uint32_t execution;         /* … which one that is about */
};

/* A place in the code where tasks stop. */
struct site {
    uint64_t pc;
    uint32_t tried;
    bool inside;  /* … with a lock in their hands: others hardly get past */
    bool halfway; /* … after they have written something: others may see half of it */
};

struct steering {
    struct site sites[MOST_SITES];
    uint32_t n_sites;
    struct unit *units;
    size_t n_units;
    uint32_t execution;
};

struct steering *steering_new(void)
{
    return xcalloc(1, sizeof(struct steering));
}

void steering_free(struct steering *s)
{
    if (s)
        free(s->units);
    free(s);
}

static struct unit *unit_of(struct steering *s, uint64_t unit)
{
    for (size_t i = 0; i < s->n_units; i++)
        if (s->units[i].unit == unit)
            return &s->units[i];
    if (s->n_units == MOST_UNITS)
        return NULL;
    s->units = xrealloc(s->units, (s->n_units + 1) * sizeof(*s->units));
    s->units[s->n_units] = (struct unit){.unit = unit, .n_writers = 1};
    return &s->units[s->n_units++];
}

/* The index of a pc in a list, added when it is new; -1 when the list is full. */
static int index_of(uint64_t *list, uint32_t *n, uint64_t pc)
{
    for (uint32_t i = 0; i < *n; i++)
        if (list[i] == pc)
            return (int)i;
    if (*n == MOST_PCS)
        return -1;
    list[*n] = pc;
    return (int)(*n)++;
}

static bool reads(const struct trace_op *op)
{
    return op->kind != OP_WRITE && op->kind != OP_ATOMIC_STORE && op->kind != OP_FREE;
}

static void learn_event(struct steering *s, const struct trace_op *op)
{
    struct unit *u = unit_of(s, op->place[0].address / 8);
    int reader, writer;

    if (!u)
        return;
    if (u->execution != s->execution) {
        u->execution = s->execution;
        u->last_writer = 0;
    }
    if (reads(op)) {
        reader = index_of(u->readers, &u->n_readers, op->pc);
        writer = index_of(u->writers, &u->n_writers, u->last_writer);
        if (reader >= 0 && writer >= 0)
            u->seen[reader] |= (uint16_t)(1u << writer);
    }
    if (op->place[0].writes) {
        index_of(u->writers, &u->n_writers, op->pc);
        u->last_writer = op->pc;
    }
}

static void learn_site(struct steering *s, uint64_t pc, bool inside, bool halfway)
{
    uint32_t i = 0;

    while (i < s->n_sites && s->sites[i].pc != pc)
        i++;
    if (i == MOST_SITES)
        return;
    if (i == s->n_sites)
        s->sites[s->n_sites++] = (struct site){.pc = pc};
    s->sites[i].inside = inside;
    s->sites[i].halfway |= halfway;
}

/* Locks taken and given back. */
static const int8_t held_after[OP_KINDS] = {
    [OP_LOCK] = 1,
    [OP_TRYLOCK] = 1,
    [OP_READ_LOCK] = 1,
    [OP_WRITE_LOCK] = 1,
    [OP_WAKE] = 1,
    [OP_UNLOCK] = -1,
    [OP_READ_UNLOCK] = -1,
    [OP_WRITE_UNLOCK] = -1,
    [OP_WAIT] = -1,
};

/* Being overtaken there changes nothing for anybody. */
static const bool is_dull[OP_KINDS] = {
    [OP_UNLOCK] = true,
    [OP_READ_UNLOCK] = true,
    [OP_WRITE_UNLOCK] = true,
    [OP_WAKE] = true,
    [OP_LEAVE] = true,
    [OP_CREATE] = true,
    [OP_JOIN] = true,
    [OP_END] = true,
    [OP_EXIT] = true,
    [OP_FORK] = true,
    [OP_REAP] = true,
    [OP_MEET] = true,
    [OP_FACT] = true,
    [OP_COUNT] = true,
};

static void learn_sites(struct steering *s, const struct execution *x)
{
    int held[TRACE_TASKS] = {0};
    bool wrote[TRACE_TASKS] = {false};

    for (uint32_t i = 0; i < x->result->n_events; i++) {
        const struct trace_event *e = &x->events[i];

        if (e->flags & EVENT_CHOICE && e->op.pc && !is_dull[e->op.kind])
            learn_site(s, e->op.pc, held[e->task] > 0, wrote[e->task]);
        wrote[e->task] |= e->op.flags & OPF_MEMORY && e->op.place[0].writes;
        if (!(e->flags & EVENT_FAILED))
            held[e->task] += held_after[e->op.kind];
    }
}

void steering_learn(struct steering *s, const struct execution *x, bool all_is_visible)
{
    s->execution++;
    if (!all_is_visible)
        learn_sites(s, x);
    for (uint32_t i = 0; i < x->result->n_events; i++)
        if (x->events[i].op.flags & OPF_MEMORY && !(x->events[i].flags & EVENT_NOTE))
            learn_event(s, &x->events[i].op);
}

static uint32_t draw(uint64_t *random, uint32_t bound)
{
    *random = *random * 6364136223846793005ull + 1442695040888963407ull;
    return (uint32_t)((*random >> 33) * bound >> 31);
}

/* Each place in its turn, the more promising first; where a lock is held half as often. */
void steering_hold(struct steering *s, struct trace_plan *plan, uint64_t random)
{
    uint32_t best = UINT32_MAX, n = 0;
    struct site *chosen = NULL;

    for (uint32_t i = 0; i < s->n_sites; i++) {
        struct site *site = &s->sites[i];
        uint32_t score = (site->inside ? 6 : 3) * site->tried + (site->inside ? 2 : !site->halfway);

        if (score > best)
            continue;
        n = score < best ? 1 : n + 1;
        best = score;
        if (draw(&random, n) == 0)
            chosen = site;
    }
    plan->n_steers = 0;
    if (!chosen)
        return;
    plan->steers[plan->n_steers++] = (struct trace_steer){
        .read_pc = chosen->pc, .write_pc = chosen->tried % 2, .unit = STEER_HOLD};
    chosen->tried++;
}

/* Pairs that were never seen are four times as likely. */
static uint32_t draw_writer(const struct unit *u, uint32_t reader, uint64_t *random)
{
    uint32_t sum = 0, ticket;

    for (uint32_t w = 0; w < u->n_writers; w++)
        sum += u->seen[reader] >> w & 1 ? 1 : 4;
    ticket = draw(random, sum);
    for (uint32_t w = 0;; w++) {
        uint32_t weight = u->seen[reader] >> w & 1 ? 1 : 4;

        if (ticket < weight)
            return w;
        ticket -= weight;
    }
}

static void wish(struct trace_plan *plan, const struct unit *u, uint32_t reader, uint32_t writer)
{
    plan->steers[plan->n_steers++] = (struct trace_steer){
        .read_pc = u->readers[reader], .write_pc = u->writers[writer], .unit = u->unit};
}

/* All readers of a unit see the same writer: what a test of several variables at once would need.
 */
static void wish_for_unit(struct trace_plan *plan, const struct unit *u, uint64_t *random)
{
    uint32_t writer = draw(random, u->n_writers);

    for (uint32_t r = 0; r < u->n_readers && plan->n_steers < TRACE_STEERS; r++)
        wish(plan, u, r, writer);
}

static void wish_for_one(struct trace_plan *plan, const struct unit *u, uint64_t *random)
{
    uint32_t reader = draw(random, u->n_readers);

    wish(plan, u, reader, draw_writer(u, reader, random));
}

void steering_wish(struct steering *s, struct trace_plan *plan, uint64_t random)
{
    uint32_t interesting[MOST_UNITS], n = 0, wishes;
    bool together = draw(&random, 2);

    for (uint32_t i = 0; i < s->n_units; i++)
        if (s->units[i].n_readers && s->units[i].n_writers > 1)
            interesting[n++] = i;
    plan->n_steers = 0;
    if (!n)
        return;
    wishes = 1 + draw(&random, n < 3 ? n : 3);
    while (wishes-- && n && plan->n_steers < TRACE_STEERS) {
        uint32_t at = draw(&random, n);
        const struct unit *u = &s->units[interesting[at]];

        interesting[at] = interesting[--n];
        if (together)
            wish_for_unit(plan, u, &random);
        else
            wish_for_one(plan, u, &random);
    }
}
