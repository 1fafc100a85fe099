/* SPDX-License-Identifier: MIT */
#include "lab/exploration.h"

#include "base/io.h"
#include "lab/judging.h"

#include <stdlib.h>
#include <string.h>

enum { SCHEDULES_QUICK = 400 };

#define SECONDS_LEAST 0.05

static struct hunt *add_hunt(
    struct exploration *e, const char *scenario, const char *args, const struct check *check)
{
    struct hunt *h;
    size_t before = 0;

    for (size_t i = 0; i < e->n_hunts; i++)
        if (e->hunts[i].check == check)
            before += e->hunts[i].found.n_outcomes;
    e->hunts = xrealloc(e->hunts, (e->n_hunts + 1) * sizeof(*e->hunts));
    h = &e->hunts[e->n_hunts++];
    *h = (struct hunt){.scenario = scenario ? xstrdup(scenario) : NULL,
        .args = args ? xstrdup(args) : NULL,
        .check = check,
        .unseen = e->target->note != NULL,
        .facts = target_manifest(e->target)->explore_facts,
        .before = before};
    return h;
}

static bool is_out_of_control(const struct outcome *o)
{
    for (size_t i = 0; i < o->n_findings; i++)
        if (!strcmp(o->findings[i].kind, "note") &&
            strstr(o->findings[i].text, "not under the control of explore"))
            return true;
    return false;
}

static int search(struct runner *r, struct hunt *h, struct buf *err)
{
    if (runner_explore(r, h->scenario, h->args, &h->options, &h->found, err))
        return -1;
    h->broken = xcalloc(h->found.n_outcomes + 1, sizeof(*h->broken));
    for (size_t i = 0; i < h->found.n_outcomes; i++)
        h->unseen |= is_out_of_control(&h->found.outcomes[i]);
    return 0;
}

/* Not about the student's code: it is not there yet, or we cannot run it. */
static bool is_refusal(const struct outcome *o)
{
    return o->verdict == VERDICT_NOT_IMPLEMENTED || o->verdict == VERDICT_HARNESS_ERROR;
}

const char *hunt_complaint(const struct hunt *h, size_t outcome)
{
    const struct outcome *o = &h->found.outcomes[outcome];

    if (h->broken[outcome])
        return h->broken[outcome];
    if (o->verdict == VERDICT_PASS || is_refusal(o))
        return NULL;
    return o->text ? o->text : verdict_meaning(o->verdict);
}

/* What the hunt found; its question stays. */
static void forget(struct hunt *h)
{
    for (size_t k = 0; h->broken && k < h->found.n_outcomes; k++)
        free(h->broken[k]);
    free(h->broken);
    h->broken = NULL;
    explore_result_release(&h->found);
}

const struct outcome *exploration_refusal(const struct exploration *e)
{
    for (size_t i = 0; i < e->n_hunts; i++)
        for (size_t k = 0; k < e->hunts[i].found.n_outcomes; k++)
            if (is_refusal(&e->hunts[i].found.outcomes[k]))
                return &e->hunts[i].found.outcomes[k];
    return NULL;
}

static bool is_mere_race(const struct hunt *h, size_t outcome)
{
    return h->found.outcomes[outcome].verdict == VERDICT_RACE && !h->broken[outcome];
}

static bool found_something(const struct exploration *e)
{
    for (size_t i = 0; i < e->n_hunts; i++)
        for (size_t k = 0; k < e->hunts[i].found.n_outcomes; k++)
            if (hunt_complaint(&e->hunts[i], k))
                return true;
    return false;
}

/* More than a race that may do no harm. */
static bool found_harm(const struct exploration *e)
{
    size_t hunt, outcome;

    return exploration_worst(e, &hunt, &outcome) && !is_mere_race(&e->hunts[hunt], outcome);
}

/* The budget of a hunt that is only a quick look. */
static void shorten(const struct explore_request *q, struct explore_options *o)
{
    if (q->schedules == REQUEST_NONE && o->schedules > SCHEDULES_QUICK)
        o->schedules = SCHEDULES_QUICK;
}

/* All hunts together have the seconds that were asked for; each has a moment at least. */
static void share_seconds(const struct exploration *e, struct explore_options *o)
{
    double left = e->request->seconds - (double)(io_now_ms() - e->began_ms) / 1000;

    if (e->request->seconds > 0)
        o->seconds = left > SECONDS_LEAST ? left : SECONDS_LEAST;
}

/* The judge wants to see one schedule: nothing to search for. */
static int look_at(struct runner *r, struct hunt *h, const char *schedule, struct buf *err)
{
    struct outcome_list list = {0};

    if (runner_run_schedule(r, h->scenario, h->args, schedule, &list, err))
        return -1;
    h->found = (struct explore_result){.executions = 1,
        .bound = -1,
        .seed = h->options.seed,
        .claim = list.claim,
        .outcomes = list.items,
        .n_outcomes = list.count};
    h->broken = xcalloc(list.count + 1, sizeof(*h->broken));
    return 0;
}

/* The judge asks for a run. */
static int on_run(void *arg, struct runner *r, const struct check *check, const char *scenario,
    const char *args, const char *schedule, struct outcome_list *ret, struct buf *err)
{
    struct exploration *e = arg;
    struct hunt *h;

    if (exploration_refusal(e) || (!e->request->keep_going && found_harm(e))) {
        e->stopped = true;
        return 1;
    }
    h = add_hunt(e, scenario, args, check);
    h->options = runner_explore_options(r);
    explore_request_apply(e->request, &h->options);
    share_seconds(e, &h->options);
    if (e->quick)
        shorten(e->request, &h->options);
    if (schedule ? look_at(r, h, schedule, err) : search(r, h, err))
        return -1;
    for (size_t i = 0; i < h->found.n_outcomes; i++)
        judge_give(ret, &h->found.outcomes[i]);
    return 0;
}

/* The judge says something about an outcome. */
static void on_assertion(
    void *arg, const struct check *check, bool holds, const char *message, long outcome)
{
    struct exploration *e = arg;

    if (holds || outcome < 0)
        return;
    for (size_t i = 0; i < e->n_hunts; i++) {
        struct hunt *h = &e->hunts[i];
        size_t k = (size_t)outcome - h->before;

        if (h->check == check && (size_t)outcome >= h->before && k < h->found.n_outcomes &&
            !h->broken[k])
            h->broken[k] = xstrdup(message ? message : "a promise was not kept");
    }
}

/* One check at a time: they come in the order of lab.conf, not of the alphabet. */
static int ask_about(struct exploration *e, const struct check *check, struct buf *err)
{
    const struct session_watch watch = {.arg = e, .run = on_run, .assertion = on_assertion};
    char *trouble = NULL;
    int result = judge_ask(e->target, check, e->request->seed, &watch, &trouble, err);

    if (!result && trouble && !e->stopped)
        result = fail(err, "%s", trouble);
    free(trouble);
    return result;
}

static bool is_complete(const struct exploration *e, const struct check *check)
{
    bool any = false;

    for (size_t i = 0; i < e->n_hunts; i++) {
        if (e->hunts[i].check == check && !e->hunts[i].found.complete)
            return false;
        any = any || e->hunts[i].check == check;
    }
    return any;
}

static void hunt_release(struct hunt *h)
{
    forget(h);
    free(h->scenario);
    free(h->args);
}

static void drop_hunts(struct exploration *e, const struct check *check)
{
    size_t n = 0;

    for (size_t i = 0; i < e->n_hunts; i++) {
        if (e->hunts[i].check == check)
            hunt_release(&e->hunts[i]);
        else
            e->hunts[n++] = e->hunts[i];
    }
    e->n_hunts = n;
}

/* In the order of lab.conf; hunts of one check keep theirs. */
static void sort_hunts(struct exploration *e)
{
    for (size_t i = 1; i < e->n_hunts; i++)
        for (size_t k = i; k && e->hunts[k].check < e->hunts[k - 1].check; k--) {
            struct hunt h = e->hunts[k];

            e->hunts[k] = e->hunts[k - 1];
            e->hunts[k - 1] = h;
        }
}

static int ask_about_all(struct exploration *e, struct buf *err)
{
    const struct manifest *m = e->target->exercise;

    for (size_t i = 0; i < m->n_checks; i++) {
        const struct check *check = &m->checks[i];

        if (strcmp(check->under, "explore") != 0 || is_complete(e, check))
            continue;
        if (exploration_refusal(e) || (!e->request->keep_going && found_something(e))) {
            e->stopped = true;
            break;
        }
        drop_hunts(e, check);
        if (ask_about(e, check, err))
            return -1;
    }
    sort_hunts(e);
    return 0;
}

/* Most mistakes show in a few hundred executions. So everything is looked at quickly before
 * anything is searched with its whole budget. */
static int ask_the_judge(struct exploration *e, struct buf *err)
{
    const struct explore_request *q = e->request;

    if (!manifest_uses(e->target->exercise, "explore"))
        return fail(
            err, "%s has no check under explore; choose a --scenario.", e->target->exercise->id);
    e->quick = !q->keep_going && q->schedules == REQUEST_NONE;
    if (e->quick && ask_about_all(e, err))
        return -1;
    if (e->quick && (exploration_refusal(e) || found_something(e)))
        return 0;
    e->quick = false;
    return ask_about_all(e, err);
}

static void refuse_outcome(struct outcome *o, const char *why)
{
    free(o->text);
    o->text = xstrdup(why);
    o->verdict = VERDICT_HARNESS_ERROR;
}

/* What ran on from the first execution may only be too long for us, or wait for what we do not see:
 * that is no failure of the program's. */
static void doubt(struct hunt *h)
{
    struct outcome *o = h->found.outcomes;

    if (h->found.n_outcomes != 1 || strcmp(o->ended, "timeout") != 0)
        return;
    if (strstr(o->text, "visible operations"))
        refuse_outcome(o,
            "it makes more than 20000 steps that other threads may see, and so far explore does "
            "not follow. Either it has an endless loop, or its loops are long: let them go round "
            "two or three times instead of thousands, that is enough to find what can go wrong");
    else if (h->unseen)
        refuse_outcome(o,
            "it ran on and on, perhaps waiting in its inline assembly for what explore cannot see");
}

/* What may do no harm, or not in that interleaving. */
static bool is_mere(const struct outcome *o)
{
    return o->verdict == VERDICT_PASS || o->verdict == VERDICT_RACE ||
           o->verdict == VERDICT_LEFTOVER;
}

/* A search that ends with a data race does not know yet whether the race does any harm; one that
 * ends with a thread for which nothing waits has not yet seen it left behind. So it goes on for a
 * while, and counts. */
static int look_for_harm(struct exploration *e, struct hunt *h, struct buf *err)
{
    const struct explore_result *r = &h->found;
    long first = r->first_failure;

    for (size_t i = 0; i < r->n_outcomes; i++)
        if (!is_mere(&r->outcomes[i]))
            return 0;
    if (!first || h->options.keep_going)
        return 0;
    h->options.keep_going = true;
    shorten(e->request, &h->options);
    forget(h);
    if (search(&e->target->runner, h, err))
        return -1;
    h->found.first_failure = first;
    return 0;
}

static int hunt_once(struct exploration *e, struct buf *err)
{
    struct runner *r = &e->target->runner;
    struct hunt *h = add_hunt(e, e->request->scenario,
        e->request->scenario && !e->request->args ? "" : e->request->args, NULL);

    h->options = runner_explore_options(r);
    h->options.keep_going = e->request->keep_going;
    explore_request_apply(e->request, &h->options);
    if (search(r, h, err) || look_for_harm(e, h, err))
        return -1;
    if (!e->target->exercise)
        doubt(h);
    return 0;
}

int exploration_run(
    struct exploration *e, struct target *t, const struct explore_request *q, struct buf *err)
{
    e->target = t;
    e->request = q;
    e->began_ms = io_now_ms();
    return t->exercise && !q->scenario ? ask_the_judge(e, err) : hunt_once(e, err);
}

/* Smaller is plainer. */
static bool plainer(const struct hunt *h, size_t a, const struct hunt *other, size_t b)
{
    const struct outcome *x = &h->found.outcomes[a], *y = &other->found.outcomes[b];
    bool x_race = is_mere_race(h, a), y_race = is_mere_race(other, b);

    if (x_race != y_race)
        return y_race;
    if (!x->schedule != !y->schedule)
        return x->schedule != NULL;
    if (x->preemptions != y->preemptions)
        return x->preemptions < y->preemptions;
    return x->steps < y->steps;
}

bool exploration_worst(const struct exploration *e, size_t *ret_hunt, size_t *ret_outcome)
{
    bool found = false;

    for (size_t i = 0; i < e->n_hunts; i++)
        for (size_t k = 0; k < e->hunts[i].found.n_outcomes; k++) {
            if (!hunt_complaint(&e->hunts[i], k) ||
                (found && !plainer(&e->hunts[i], k, &e->hunts[*ret_hunt], *ret_outcome)))
                continue;
            *ret_hunt = i;
            *ret_outcome = k;
            found = true;
        }
    return found;
}

void exploration_release(struct exploration *e)
{
    for (size_t i = 0; i < e->n_hunts; i++)
        hunt_release(&e->hunts[i]);
    free(e->hunts);
    *e = EXPLORATION_EMPTY;
}
