/* SPDX-License-Identifier: MIT */
#include "explore/schedule.h"

#include "base/fingerprint.h"
#include "base/io.h"
#include "explore/executor.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

void schedule_release(struct schedule *s)
{
    free(s->tasks);
    *s = SCHEDULE_EMPTY;
}

void schedule_append(struct schedule *s, unsigned task)
{
    if ((s->length & (s->length - 1)) == 0) /* grows at powers of two */
        s->tasks = xrealloc(s->tasks, s->length ? 2 * (size_t)s->length : 1);
    s->tasks[s->length++] = (uint8_t)task;
}

void schedule_copy(struct schedule *to, const struct schedule *from)
{
    struct schedule copy = *from;

    copy.tasks = NULL;
    copy.length = 0;
    for (uint32_t i = 0; i < from->length; i++)
        schedule_append(&copy, from->tasks[i]);
    schedule_release(to);
    *to = copy;
}

void schedule_of(struct schedule *s, const struct execution *x)
{
    for (uint32_t i = 0; i < x->result->n_events; i++)
        if (x->events[i].flags & EVENT_CHOICE)
            schedule_append(s, x->events[i].task);
}

void schedule_print(const struct schedule *s, struct buf *ret)
{
    buf_puts(ret, s->moves ? "m1" : "x1");
    for (uint32_t i = 0; i < s->n_watches; i++)
        buf_printf(ret, "/%llx.%x", (unsigned long long)s->watches[i].unit, s->watches[i].mask);
    for (uint32_t i = 0, run; i < s->length; i += run) {
        for (run = 1; i + run < s->length && s->tasks[i + run] == s->tasks[i];)
            run++;
        buf_printf(ret, run > 1 ? "%c%u*%u" : "%c%u", i ? ',' : ':', s->tasks[i], run);
    }
    if (!s->length)
        buf_putc(ret, ':');
    if (s->has_hash)
        buf_printf(ret, "@%04x", s->hash);
}

/* A number at *at; moves behind it. False when there is none or it is too large. */
static bool number(const char **at, int base, unsigned long most, unsigned long *ret)
{
    char *end;

    if (!isxdigit((unsigned char)**at))
        return false;
    errno = 0;
    *ret = strtoul(*at, &end, base);
    if (end == *at || errno || *ret > most)
        return false;
    *at = end;
    return true;
}

static const char *parse_watches(const char *at, struct schedule *s)
{
    unsigned long unit, mask;

    while (*at == '/') {
        at++;
        if (!number(&at, 16, ~0ul, &unit) || *at++ != '.' || !number(&at, 16, 0xff, &mask) ||
            s->n_watches == SCHEDULE_WATCHES)
            return NULL;
        s->watches[s->n_watches++] = (struct trace_watch){.unit = unit, .mask = (uint32_t)mask};
    }
    return at;
}

/* Entries "task" or "task*times", until the end or '@'. Returns where it stopped. */
static const char *parse_entries(const char *at, struct schedule *s)
{
    unsigned long task, times;

    while (*at && *at != '@') {
        times = 1;
        if (s->length && *at++ != ',')
            return at - 1;
        if (!number(&at, 10, TRACE_TASKS - 1, &task))
            return *at && *at != '@' ? at : at - 1; /* nothing behind the comma: that is where */
        if (*at == '*') {
            at++;
            if (!number(&at, 10, TRACE_PREFIX, &times))
                return *at && *at != '@' ? at : at - 1;
        }
        if (times + s->length > TRACE_PREFIX)
            return at;
        while (times--)
            schedule_append(s, (unsigned)task);
    }
    return at;
}

static const char *parse_hash(const char *at, struct schedule *s)
{
    unsigned long hash;

    if (*at++ != '@' || strspn(at, "0123456789abcdef") != 4 || !number(&at, 16, 0xffff, &hash))
        return at;
    s->has_hash = true;
    s->hash = (unsigned)hash;
    return at;
}

static int refuse(const char *text, const char *at, struct buf *err)
{
    return fail(err,
        "This is not a schedule: \"%.80s\" (column %d). A schedule looks like x1:0*5,1*3,2 — task "
        "number, and how many choices in a row it takes.",
        text, (int)(at - text) + 1);
}

int schedule_parse(const char *text, struct schedule *ret, struct buf *err)
{
    struct schedule s = {.moves = text[0] == 'm'};
    const char *version = s.moves ? "m1" : "x1", *at = text;

    if (at[0] == version[0] && isdigit((unsigned char)at[1]) && strncmp(at, version, 2) != 0)
        return fail(
            err, "The schedule \"%.80s\" is of another version; this kit reads %s.", text, version);
    if (strncmp(at, version, 2) != 0 || !(at = parse_watches(at + 2, &s)) || *at != ':')
        return refuse(text, at ? at : text + 2, err);
    at = parse_entries(at + 1, &s);
    if (*at == '@')
        at = parse_hash(at, &s);
    if (*at) {
        schedule_release(&s);
        return refuse(text, at, err);
    }
    *ret = s;
    return 0;
}

static bool is_same(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
           a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* One search after the other asks for the same program, of some MiB: it is kept in mind. */
int schedule_hash(const char *path, unsigned *ret, struct buf *err)
{
    static struct stat known;
    static unsigned known_hash;
    struct stat now = {0};
    struct buf bytes = BUF_EMPTY;
    uint64_t hash;

    if (stat(path, &now) == 0 && now.st_size > 0 && is_same(&now, &known)) {
        *ret = known_hash;
        return 0;
    }
    if (io_read_file(path, (size_t)64 << 20, &bytes, err))
        return -1;
    hash = fnv1a(bytes.data, bytes.length);
    *ret = (unsigned)(hash ^ hash >> 16 ^ hash >> 32 ^ hash >> 48) & 0xffff;
    buf_release(&bytes);
    known = now;
    known_hash = *ret;
    return 0;
}
