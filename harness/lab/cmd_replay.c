/* SPDX-License-Identifier: MIT */
/* lab replay - one interleaving again, step by step. */
#include "lab/command.h"
#include "lab/debugging.h"
#include "lab/stepping.h"
#include "lab/telling.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* 0 and 1 are about the interleaving; one that could not be followed to its end is neither. */
static int status_of(const struct replaying *r)
{
    if (!strcmp(r->replay.outcome.ended, "diverged"))
        return STATUS_INCOMPLETE;
    return r->complaint || r->replay.outcome.verdict != VERDICT_PASS ? STATUS_NOT_PASS : STATUS_OK;
}

static int show(struct target *t, const struct explore_request *q, const struct schedule_words *w,
    struct buf *err)
{
    struct replaying r = REPLAYING_EMPTY;
    int result, status = STATUS_INCOMPLETE;

    if (replaying_open(&r, t, q, w, NULL, err))
        return status;
    if (r.replay.remark)
        printf("%s\n\n", r.replay.remark);
    if (q->gdb)
        result = debug_interleaving(&r, t, q, w, err);
    else if (q->step)
        result = step_through(r.story, err);
    else
        result = tell_interleaving(&r, t, q, NULL, NULL, err);
    if (!result)
        status = status_of(&r);
    replaying_close(&r);
    return status;
}

static int replay(const struct kit *kit, const struct explore_request *q)
{
    struct target t = TARGET_EMPTY;
    struct schedule_words w = {0};
    struct buf err = BUF_EMPTY;
    int status = STATUS_USAGE;

    if (target_find(&t, kit, q->target, q->source, &err) ||
        schedule_words_read(&w, &t, q->schedule, &err))
        goto out;
    status = STATUS_INCOMPLETE;
    if (!target_build(&t, w.seed, &err))
        status = show(&t, q, &w, &err);
out:
    if (err.length)
        complain(0, "%s", buf_text(&err));
    schedule_words_release(&w);
    target_release(&t);
    buf_release(&err);
    return status;
}

static int work(void *request)
{
    struct kit kit;
    int status;

    if (!open_kit(&kit))
        return STATUS_INCOMPLETE;
    status = replay(&kit, request);
    kit_release(&kit);
    return status;
}

static int run_command(int argc, char **argv)
{
    struct explore_request q = EXPLORE_REQUEST_EMPTY;

    replay_request_read(&q, argc, argv);
    return work_apart(work, &q, q.gdb ? TERMINAL_THEIRS : q.step ? TERMINAL_SHARED : TERMINAL_OURS);
}

const struct command command_replay = {
    .name = "replay",
    .arguments = "EXERCISE|FILE.c SCHEDULE",
    .does = "show one interleaving again, step by step",
    .run = run_command,
};
