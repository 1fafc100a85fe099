/* SPDX-License-Identifier: MIT */
#include "lab/replaying.h"

#include "explore/schedule.h"
#include "lab/judging.h"
#include "report/show.h"

#include <stdlib.h>
#include <string.h>

void schedule_words_release(struct schedule_words *w)
{
    free(w->scenario);
    free(w->args);
    free(w->schedule);
    *w = (struct schedule_words){0};
}

static int check_words(const struct schedule_words *w, const struct target *t, struct buf *err)
{
    struct schedule s = SCHEDULE_EMPTY;

    if (schedule_parse(w->schedule, &s, err))
        return -1;
    schedule_release(&s);
    if (t->exercise && !w->scenario)
        return fail(err,
            "The schedule of an exercise begins with its scenario, as `lab explore %s` "
            "prints it: 'count threads=2 rounds=1 %s'.",
            t->name, w->schedule);
    if (!t->exercise && w->scenario)
        return fail(err,
            "%s is a program of its own: its schedule is one word and begins with x1:.", t->name);
    return 0;
}

/* Takes " seed:90125" from the end of the arguments. */
static void take_seed(struct schedule_words *w)
{
    char *seed = strstr(w->args, "seed:");

    w->seed = SEED_USUAL;
    if (!seed || (seed > w->args && seed[-1] != ' '))
        return;
    w->seed = strtoull(seed + strlen("seed:"), NULL, 10);
    seed[seed > w->args ? -1 : 0] = '\0';
}

void schedule_words_split(struct schedule_words *w, const char *words)
{
    const char *last = strrchr(words, ' '), *space = strchr(words, ' ');

    *w = (struct schedule_words){.schedule = xstrdup(last ? last + 1 : words)};
    if (!last)
        return;
    w->scenario = xasprintf("%.*s", (int)(space - words), words);
    w->args = last > space ? xasprintf("%.*s", (int)(last - space - 1), space + 1) : xstrdup("");
    take_seed(w);
}

int schedule_words_read(
    struct schedule_words *w, const struct target *t, const char *words, struct buf *err)
{
    schedule_words_split(w, words);
    if (!check_words(w, t, err))
        return 0;
    schedule_words_release(w);
    return -1;
}

char *schedule_words_join(const struct schedule_words *w)
{
    struct buf b = BUF_EMPTY;

    if (w->scenario)
        buf_printf(&b, "%s ", w->scenario);
    if (w->args && *w->args)
        buf_printf(&b, "%s ", w->args);
    if (w->scenario && w->seed != SEED_USUAL)
        buf_printf(&b, "seed:%llu ", (unsigned long long)w->seed);
    buf_puts(&b, w->schedule);
    return buf_detach(&b);
}

struct explore_options replaying_options(const struct target *t, const struct explore_request *q)
{
    struct explore_options options = runner_explore_options(&t->runner);

    explore_request_apply(q, &options);
    return options;
}

/* Where races are ignored, the story is about something else. */
static void leave_races_out(struct replaying *r)
{
    const struct execution *x = &r->replay.execution;

    r->result = *x->result;
    r->result.n_findings = 0;
    r->findings = xcalloc(x->result->n_findings + 1, sizeof(*r->findings));
    for (uint32_t i = 0; i < x->result->n_findings; i++)
        if (x->findings[i].kind != FINDING_RACE)
            r->findings[r->result.n_findings++] = x->findings[i];
    r->trace.result = &r->result;
    r->trace.findings = r->findings;
}

int replaying_open(struct replaying *r, struct target *t, const struct explore_request *q,
    const struct schedule_words *w, const char *complaint, struct buf *err)
{
    const struct explore_options options = replaying_options(t, q);
    const struct explain_source files = target_files(t);
    const struct execution *x = &r->replay.execution;

    if (runner_replay(&t->runner, w->scenario, w->args, &options, w->schedule, &r->replay, err))
        return -1;
    r->trace = (struct explain_trace){
        x->result, x->events, x->tasks, x->frames, x->blocks, x->findings};
    if (!options.races_fail)
        leave_races_out(r);
    r->story = story_open(&r->trace, &files, err);
    if (!r->story) {
        replay_release(&r->replay);
        free(r->findings);
        return -1;
    }
    if (complaint)
        r->complaint = xstrdup(complaint);
    else if (t->exercise)
        r->complaint = judge_complaint(
            t, w->seed, w->scenario, w->args, w->schedule, &r->replay.outcome);
    if (r->complaint)
        story_promise(r->story, r->complaint);
    return 0;
}

void replaying_close(struct replaying *r)
{
    if (!r->story)
        return;
    story_close(r->story);
    replay_release(&r->replay);
    free(r->complaint);
    free(r->findings);
    *r = REPLAYING_EMPTY;
}

char *replay_command(const struct target *t, const struct explore_request *q, const char *words)
{
    struct buf b = BUF_EMPTY;

    show_shell_word(&b, q->self);
    buf_puts(&b, " replay ");
    show_shell_word(&b, t->name);
    if (q->source) {
        buf_puts(&b, " --source ");
        show_shell_word(&b, q->source);
    }
    if (q->spurious != REQUEST_NONE)
        buf_printf(&b, " --spurious %ld", q->spurious);
    if (q->races_ignored)
        buf_puts(&b, " --races ignore");
    buf_putc(&b, ' ');
    show_shell_word(&b, words);
    return buf_detach(&b);
}
