/* SPDX-License-Identifier: MIT */
#include "explore/ahead.h"

#include <stdlib.h>
#include <string.h>

void ahead_init(struct ahead *a, struct search *s)
{
    *a = (struct ahead){.search = s, .n_watches = s->n_watches};
}

static bool is_it(
    const struct ahead_item *item, const struct schedule *prefix, const struct task_set *sleep)
{
    return item->prefix.length == prefix->length && !memcmp(&item->sleep, sleep, sizeof(*sleep)) &&
           (!prefix->length || !memcmp(item->prefix.tasks, prefix->tasks, prefix->length));
}

static struct ahead_item *find(
    struct ahead *a, const struct schedule *prefix, const struct task_set *sleep)
{
    for (size_t i = a->count; i-- > 0;)
        if (is_it(&a->items[i], prefix, sleep))
            return &a->items[i];
    return NULL;
}

static void drop(struct ahead *a, struct ahead_item *item)
{
    size_t i = (size_t)(item - a->items);

    execution_drop(item->kept);
    schedule_release(&item->prefix);
    a->count--;
    memmove(item, item + 1, (a->count - i) * sizeof(*item));
}

static int finish(struct ahead *a, struct ahead_item *item, struct buf *err)
{
    const struct execution *x = search_end(a->search, item->job, err);

    a->busy[item->job] = false;
    item->job = -1;
    if (!x)
        return -1;
    item->kept = execution_keep(x);
    return 0;
}

static int collect(struct ahead *a, struct buf *err)
{
    for (size_t i = 0; i < a->count; i++)
        if (a->items[i].job >= 0 && executor_is_done(a->search->executors[a->items[i].job]) &&
            finish(a, &a->items[i], err))
            return -1;
    return 0;
}

static int idle_job(const struct ahead *a)
{
    for (int j = 0; j < a->search->jobs; j++)
        if (!a->busy[j])
            return j;
    return -1;
}

/* A job without work, waited for if need be. */
static int free_job(struct ahead *a, struct buf *err)
{
    int job = collect(a, err) ? -1 : idle_job(a);

    for (size_t i = 0; i < a->count && job < 0; i++)
        if (a->items[i].job >= 0)
            job = finish(a, &a->items[i], err) ? -1 : idle_job(a);
    return job;
}

/* What is kept and was not asked for in a long time is not needed any more. */
static void make_room(struct ahead *a)
{
    for (size_t i = 0; i < a->count && a->count == AHEAD_MOST; i++)
        if (a->items[i].kept)
            drop(a, &a->items[i]);
}

int ahead_begin(
    struct ahead *a, const struct schedule *prefix, const struct task_set *sleep, struct buf *err)
{
    struct trace_plan *plan;
    struct ahead_item *item;
    int job;

    if (find(a, prefix, sleep))
        return 0;
    job = free_job(a, err);
    if (job < 0)
        return -1;
    make_room(a);
    item = &a->items[a->count++];
    *item = (struct ahead_item){.prefix = SCHEDULE_EMPTY, .sleep = *sleep, .job = job};
    schedule_copy(&item->prefix, prefix);
    plan = search_plan_job(a->search, job, a->n_watches);
    plan->policy = POLICY_STAY;
    plan->n_prefix = prefix->length;
    if (prefix->length)
        memcpy(plan->prefix, prefix->tasks, prefix->length);
    plan->sleep = *sleep;
    a->busy[job] = true;
    return search_begin(a->search, job, err);
}

bool ahead_has_room(struct ahead *a)
{
    return a->search->jobs > 1 && !collect(a, NULL) && idle_job(a) >= 0;
}

int ahead_offer(
    struct ahead *a, const struct schedule *prefix, const struct task_set *sleep, struct buf *err)
{
    return ahead_has_room(a) ? ahead_begin(a, prefix, sleep, err) : 0;
}

const struct execution *ahead_take(
    struct ahead *a, const struct schedule *prefix, const struct task_set *sleep, struct buf *err)
{
    struct ahead_item *item = find(a, prefix, sleep);
    const struct execution *x = item->kept;

    execution_drop(a->taken);
    a->taken = item->kept;
    item->kept = NULL;
    if (item->job >= 0) {
        x = search_end(a->search, item->job, err);
        a->busy[item->job] = false;
    }
    drop(a, item);
    return x;
}

void ahead_release(struct ahead *a)
{
    for (size_t i = 0; i < a->count; i++)
        if (a->items[i].job >= 0)
            finish(a, &a->items[i], NULL);
    while (a->count)
        drop(a, &a->items[a->count - 1]);
    execution_drop(a->taken);
    a->taken = NULL;
}
