/* SPDX-License-Identifier: MIT */
#include "lab/progress.h"

#include "base/clean.h"
#include "base/io.h"
#include "report/show.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { LIVE_MS = 200, LINE_MS = 10000, COLUMNS = 80, WHO_BYTES = 1000 };

void progress_begin(struct progress *p, size_t total, bool terminal)
{
    *p = (struct progress){.total = total, .terminal = terminal, .began_ms = io_now_ms()};
    p->shown_ms = terminal ? 0 : p->began_ms;
}

/* "12 s", "3 min", "2 h 5 min" */
static void print_time(struct buf *b, double seconds)
{
    long minutes = (long)(seconds / 60 + 0.5);

    if (seconds < 90)
        buf_printf(b, "%.0f s", seconds);
    else if (minutes < 90)
        buf_printf(b, "%ld min", minutes);
    else
        buf_printf(b, "%ld h %ld min", minutes / 60, minutes % 60);
}

static void print_rate(struct buf *b, double a_second)
{
    if (a_second >= 1)
        buf_printf(b, ", %.1f a second, ", a_second);
    else if (a_second * 60 >= 1)
        buf_printf(b, ", %.1f a minute, ", a_second * 60);
    else
        buf_printf(b, ", %.1f an hour, ", a_second * 3600);
}

void progress_line(const struct progress *p, long long elapsed_ms, const char *who, size_t columns,
    struct buf *ret)
{
    double rate = (double)p->done * 1000 / (double)(elapsed_ms + 1);
    size_t over = p->done + p->skipped;
    struct buf line = BUF_EMPTY;

    buf_printf(&line, "%zu of %zu", over, p->total);
    if (p->done) {
        print_rate(&line, rate);
        print_time(&line, (double)(p->total - over) / rate);
        buf_puts(&line, " left");
    }
    if (*who) {
        buf_puts(&line, ": ");
        clean_line(&line, who, strlen(who), WHO_BYTES);
    }
    if (show_columns(buf_text(&line)) > columns)
        show_padded(ret, buf_text(&line), columns);
    else
        buf_puts(ret, buf_text(&line));
    buf_release(&line);
}

static size_t width_of_terminal(void)
{
    struct winsize size;

    /* The last column stays free: some terminals go to the next line when it is filled. */
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col - 1u
                                                                           : COLUMNS - 1;
}

void progress_show(struct progress *p, const char *who)
{
    long long now = io_now_ms();
    struct buf line = BUF_EMPTY;

    if (now - p->shown_ms < (p->terminal ? LIVE_MS : LINE_MS))
        return;
    p->shown_ms = now;
    progress_line(
        p, now - p->began_ms, who, p->terminal ? width_of_terminal() : COLUMNS - 1, &line);
    fprintf(stderr, p->terminal ? "\r%s\033[K" : "%s\n", buf_text(&line));
    buf_release(&line);
}

void progress_end(struct progress *p)
{
    if (p->terminal)
        fputs("\r\033[K", stderr);
}
