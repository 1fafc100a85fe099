/* SPDX-License-Identifier: MIT */
/* lab explore - searches the interleavings of an exercise or of a program, and shows what breaks
 * it. */
#include "lab/command.h"
#include "lab/explore_json.h"
#include "lab/explore_show.h"
#include "lab/telling.h"
#include "report/show.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What has no schedule. */
static int tell_in_words(const struct hunt *h, size_t outcome)
{
    struct buf text = BUF_EMPTY, out = BUF_EMPTY;
    bool written;

    buf_printf(&text, "%s.", hunt_complaint(h, outcome));
    if (!strcmp(h->found.outcomes[outcome].ended, "timeout"))
        buf_puts(&text, " There is no step at which it could be shown.");
    else
        buf_puts(&text,
            " It cannot be shown step by step: when the same choices are made again, the "
            "program does something else. Does it depend on something outside, such as "
            "the time, a file, or an address?");
    text.data[0] = (char)toupper((unsigned char)text.data[0]);
    show_wrapped(&out, buf_text(&text), 0, telling_options().width);
    buf_putc(&out, '\n');
    written = write_output("-", &out);
    buf_release(&text);
    buf_release(&out);
    return written ? 0 : -1;
}

/* The plainest failure, step by step. */
static int tell(const struct exploration *e, const struct hunt *h, size_t outcome, struct buf *err)
{
    const struct outcome *o = &h->found.outcomes[outcome];
    const struct schedule_words w = {h->scenario, h->args, e->request->seed, o->schedule};
    struct replaying r = REPLAYING_EMPTY;
    struct buf claim = BUF_EMPTY;
    char *words, *command;
    int result;

    if (!o->schedule)
        return tell_in_words(h, outcome);
    words = schedule_words_join(&w);
    command = replay_command(e->target, e->request, words);
    show_outcomes(h, &claim);
    result = replaying_open(&r, e->target, e->request, &w, h->broken[outcome], err);
    if (!result)
        result = tell_interleaving(&r, e->target, e->request, buf_text(&claim), command, err);
    replaying_close(&r);
    buf_release(&claim);
    free(words);
    free(command);
    return result;
}

static int write_json(const struct exploration *e)
{
    json_t *j = exploration_to_json(e);
    char *text = json_dumps(j, JSON_INDENT(2));
    struct buf out = BUF_EMPTY;
    bool written;

    buf_printf(&out, "%s\n", text ? text : "");
    written = text && write_output(e->request->json, &out);
    buf_release(&out);
    free(text);
    json_decref(j);
    return written ? 0 : -1;
}

static bool json_on_stdout(const struct explore_request *q)
{
    return q->json && !strcmp(q->json, "-");
}

/* The text, unless standard output is for the data. */
static int show(const struct exploration *e, struct buf *err)
{
    struct buf out = BUF_EMPTY;
    size_t hunt = 0, outcome = 0;
    int result = 0;

    show_hunts(e, &out);
    if (!write_output("-", &out))
        result = -1;
    else if (exploration_worst(e, &hunt, &outcome)) {
        putchar('\n');
        result = tell(e, &e->hunts[hunt], outcome, err);
    }
    buf_release(&out);
    return result;
}

static int report(const struct exploration *e, struct buf *err)
{
    const struct outcome *refusal = exploration_refusal(e);
    size_t hunt, outcome;
    bool failed = exploration_worst(e, &hunt, &outcome);

    if (!failed && refusal) {
        if (e->n_hunts > 1 && !json_on_stdout(e->request) && show(e, err))
            return STATUS_INCOMPLETE;
        fail(err, "%s cannot be explored: %s.", e->target->name, refusal->text);
        return STATUS_INCOMPLETE;
    }
    if (e->request->json && write_json(e))
        return STATUS_INCOMPLETE;
    if (!json_on_stdout(e->request) && show(e, err))
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

static int work(void *request)
{
    struct kit kit;
    int status;

    if (!open_kit(&kit))
        return STATUS_INCOMPLETE;
    status = explore(&kit, request);
    kit_release(&kit);
    return status;
}

static int run_command(int argc, char **argv)
{
    struct explore_request q = EXPLORE_REQUEST_EMPTY;

    explore_request_read(&q, argc, argv);
    return work_apart(work, &q, TERMINAL_OURS);
}

const struct command command_explore = {
    .name = "explore",
    .arguments = "EXERCISE|FILE.c",
    .does = "search the interleavings for one that breaks it",
    .run = run_command,
};
