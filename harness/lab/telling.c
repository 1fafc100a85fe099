/* SPDX-License-Identifier: MIT */
#include "lab/telling.h"

#include "lab/command.h"
#include "report/show.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { USUAL_WIDTH = 80, LEAST_WIDTH = 40, MOST_WIDTH = 160, MOST_ROWS = 60 };

struct explain_text_options telling_options(void)
{
    struct explain_text_options o = {.width = USUAL_WIDTH, .most_rows = MOST_ROWS};
    struct winsize size;

    if (!isatty(STDOUT_FILENO))
        return o;
    o.colour = !getenv("NO_COLOR");
    if (!ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_col >= LEAST_WIDTH)
        o.width = size.ws_col < MOST_WIDTH ? size.ws_col : MOST_WIDTH;
    return o;
}

static int write_page(const struct replaying *r, const struct target *t,
    const struct explore_request *q, const char *claim, const char *command, struct buf *err)
{
    const struct explain_page page = {.title = t->name, .replay = command, .claim = claim};
    struct buf out = BUF_EMPTY;
    int result = explain_html(r->story, &page, &out, err);

    if (!result && !write_output(q->trace, &out))
        result = fail(err, "The page was not written.");
    if (!result)
        printf("a page of it:  %s\n", q->trace);
    buf_release(&out);
    return result;
}

int tell_interleaving(const struct replaying *r, const struct target *t,
    const struct explore_request *q, const char *claim, const char *command, struct buf *err)
{
    struct explain_text_options options = telling_options();
    struct buf out = BUF_EMPTY;
    int result = 0;

    options.replay = command;
    if (r->complaint) {
        show_wrapped(&out, r->complaint, 0, options.width);
        buf_puts(&out, ":\n\n");
    }
    explain_text(r->story, &options, &out);
    if (!write_output("-", &out))
        result = -1;
    else if (q->trace)
        result = write_page(r, t, q, claim, command, err);
    buf_release(&out);
    return result;
}
