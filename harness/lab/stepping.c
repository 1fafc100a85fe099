/* SPDX-License-Identifier: MIT */
#include "lab/stepping.h"

#include "lab/command.h"
#include "lab/keys.h"
#include "lab/telling.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { HEAD_LINES = 2, FOOT_LINES = 2, LEAST_HEIGHT = 10, USUAL_HEIGHT = 24 };

static size_t height(void)
{
    struct winsize size;

    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || size.ws_row < LEAST_HEIGHT)
        return USUAL_HEIGHT;
    return size.ws_row;
}

static size_t count_lines(const char *text)
{
    size_t n = 0;

    for (; *text; text++)
        n += *text == '\n';
    return n;
}

static const char *skip_lines(const char *text, size_t n)
{
    while (n-- && strchr(text, '\n'))
        text = strchr(text, '\n') + 1;
    return text;
}

/* A screen that is too low shows the names of the threads and, below them, the end. */
static void put_fitting(const char *text, size_t rows, struct buf *out)
{
    size_t lines = count_lines(text);
    const char *rest;

    if (lines <= rows) {
        buf_puts(out, text);
        return;
    }
    rest = skip_lines(text, HEAD_LINES);
    buf_append(out, text, (size_t)(rest - text));
    buf_puts(out, "  ...\n");
    buf_puts(out, skip_lines(text, lines - (rows - HEAD_LINES - 1)));
}

static bool show(const struct story *s, const struct explain_text_options *options, size_t at)
{
    bool screen = isatty(STDOUT_FILENO);
    struct buf text = BUF_EMPTY, out = BUF_EMPTY;
    bool written;

    explain_step(s, options, at, &text);
    if (screen)
        buf_puts(&out, "\x1b[H\x1b[2J");
    put_fitting(buf_text(&text), screen ? height() - FOOT_LINES : (size_t)-1, &out);
    buf_printf(&out, "\nstep %zu of %zu   n, space: on   p, b: back   g, G: first, last   q: end\n",
        at, story_steps(s));
    written = write_output("-", &out);
    buf_release(&text);
    buf_release(&out);
    return written;
}

static size_t move(enum key key, size_t at, size_t last)
{
    switch (key) {
    case KEY_FORWARD:
        return at < last ? at + 1 : at;
    case KEY_BACK:
        return at > 1 ? at - 1 : at;
    case KEY_FIRST:
        return 1;
    case KEY_LAST:
        return last;
    default:
        return at;
    }
}

int step_through(const struct story *s, struct buf *err)
{
    const struct explain_text_options options = telling_options();
    size_t last = story_steps(s), at = last ? 1 : 0;
    enum key key = KEY_FIRST;

    if (keys_begin(err))
        return -1;
    do {
        size_t to = move(key, at, last);

        if ((key == KEY_FIRST || to != at) && !show(s, &options, to))
            break;
        at = to;
        key = keys_next();
    } while (key != KEY_QUIT);
    keys_end();
    return 0;
}
