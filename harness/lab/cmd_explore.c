/* SPDX-License-Identifier: MIT */
/* lab explore - searches the interleavings of an exercise or of a program, and shows what breaks
 * it. */
#include "lab/command.h"
#include "lab/exploration.h"
#include "lab/explore_show.h"
#include "lab/replaying.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { MOST_ROWS = 60 };

/* The plainest failure, step by step. */
static int tell(const struct exploration *e, const struct hunt *h, size_t outcome, struct buf *err)
{
    const struct outcome *o = &h->found.outcomes[outcome];
    struct schedule_words w = {h->scenario, h->args, o->schedule};
    char *words = schedule_words_join(h->scenario, h->args, o->schedule);
    char *command = replay_command(e->target, e->request, words);
    const struct explain_text_options options = {
        .width = 80, .most_rows = MOST_ROWS, .colour = false, .replay = command};
    struct replaying r = REPLAYING_EMPTY;
    struct buf out = BUF_EMPTY;
    int result = replaying_open(&r, e->target, e->request, &w, h->broken[outcome], err);

    if (!result) {
        explain_text(r.story, &options, &out);
        fputs(buf_text(&out), stdout);
    }
    replaying_close(&r);
    buf_release(&out);
    free(words);
    free(command);
    return result;
}

static int report(const struct exploration *e, struct buf *err)
{
    struct buf out = BUF_EMPTY;
    const struct outcome *refusal = exploration_refusal(e);
    size_t hunt = 0, outcome = 0;
    bool failed = exploration_worst(e, &hunt, &outcome);

    if (!failed && refusal) {
        fail(err, "%s cannot be explored: %s.", e->target->name, refusal->text);
        return STATUS_INCOMPLETE;
    }
    show_hunts(e, &out);
    puts(buf_text(&out));
    buf_release(&out);
    if (failed && tell(e, &e->hunts[hunt], outcome, err))
        return STATUS_INCOMPLETE;
    return failed ? STATUS_NOT_PASS : STATUS_OK;
}

static int explore(const struct kit *kit, const struct explore_request *q)
{
    struct target t = TARGET_EMPTY;
    struct exploration e = EXPLORATION_EMPTY;
    struct buf err = BUF_EMPTY;
    int status = STATUS_INCOMPLETE;

    if (target_find(&t, kit, q->target, q->source, &err))
        status = STATUS_USAGE;
    else if (!target_build(&t, q->seed, &err) && !exploration_run(&e, &t, q, &err))
        status = report(&e, &err);
    if (err.length)
        complain(0, "%s", buf_text(&err));
    exploration_release(&e);
    target_release(&t);
    buf_release(&err);
    return status;
}

static int run_command(int argc, char **argv)
{
    struct explore_request q = EXPLORE_REQUEST_EMPTY;
    struct kit kit;
    int status;

    explore_request_read(&q, argc, argv);
    if (!open_kit(&kit))
        return STATUS_INCOMPLETE;
    status = explore(&kit, &q);
    kit_release(&kit);
    return status;
}

const struct command command_explore = {
    .name = "explore",
    .arguments = "EXERCISE|FILE.c",
    .does = "search the interleavings for one that breaks it",
    .run = run_command,
};
