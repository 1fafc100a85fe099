/* SPDX-License-Identifier: MIT */
#include "lab/progress.h"

#include "base/buf.h"
#include "base/clean.h"
#include "base/io.h"

#include <stdio.h>
#include <string.h>

enum { LIVE_MS = 200, LINE_MS = 10000, COLUMNS = 79 };

void progress_begin(struct progress *p, size_t total, bool terminal)
{
    *p = (struct progress){.total = total, .terminal = terminal, .began_ms = io_now_ms()};
    p->shown_ms = terminal ? 0 : p->began_ms;
}

void progress_step(struct progress *p)
{
    p->done++;
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

void progress_show(struct progress *p, const char *who)
{
    long long now = io_now_ms();
    double rate = p->done * 1000.0 / (double)(now - p->began_ms + 1);
    struct buf line = BUF_EMPTY;

    if (now - p->shown_ms < (p->terminal ? LIVE_MS : LINE_MS))
        return;
    p->shown_ms = now;
    buf_printf(&line, "%zu of %zu graded", p->done, p->total);
    if (p->done) {
        buf_printf(&line, ", %.1f a second, ", rate);
        print_time(&line, (double)(p->total - p->done) / rate);
        buf_puts(&line, " left");
    }
    buf_puts(&line, ": ");
    clean_line(&line, who, strlen(who), COLUMNS - (line.length < 50 ? line.length : 50));
    fprintf(stderr, p->terminal ? "\r%.*s\033[K" : "%.*s\n", COLUMNS, buf_text(&line));
    buf_release(&line);
}

void progress_end(struct progress *p)
{
    if (p->terminal)
        fputs("\r\033[K", stderr);
}
