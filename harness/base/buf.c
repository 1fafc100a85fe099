/* SPDX-License-Identifier: MIT */
#include "base/buf.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *buf_text(const struct buf *b)
{
    return b->data ? b->data : "";
}

static void buf_grow(struct buf *b, size_t extra)
{
    size_t need = b->length + extra + 1;

    if (need <= b->capacity)
        return;
    b->capacity = need < 64 ? 64 : need + need / 2;
    b->data = xrealloc(b->data, b->capacity);
}

void buf_append(struct buf *b, const void *bytes, size_t length)
{
    buf_grow(b, length);
    if (length)
        memcpy(b->data + b->length, bytes, length);
    b->length += length;
    b->data[b->length] = '\0';
}

void buf_puts(struct buf *b, const char *text)
{
    buf_append(b, text, strlen(text));
}

void buf_putc(struct buf *b, char c)
{
    buf_append(b, &c, 1);
}

void buf_vprintf(struct buf *b, const char *format, va_list ap)
{
    va_list again;
    int n;

    va_copy(again, ap);
    n = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (n < 0)
        abort(); /* a BUG: the format is ours */
    buf_grow(b, (size_t)n);
    vsnprintf(b->data + b->length, (size_t)n + 1, format, ap);
    b->length += (size_t)n;
}

void buf_printf(struct buf *b, const char *format, ...)
{
    va_list ap;

    va_start(ap, format);
    buf_vprintf(b, format, ap);
    va_end(ap);
}

void buf_clear(struct buf *b)
{
    b->length = 0;
    if (b->data)
        b->data[0] = '\0';
}

void buf_release(struct buf *b)
{
    free(b->data);
    *b = BUF_EMPTY;
}

char *buf_detach(struct buf *b)
{
    char *text = b->data ? b->data : xstrdup("");

    *b = BUF_EMPTY;
    return text;
}

int fail(struct buf *err, const char *format, ...)
{
    struct buf sentence = BUF_EMPTY; /* the arguments may point into `err` */
    va_list ap;

    if (!err)
        return -1;
    va_start(ap, format);
    buf_vprintf(&sentence, format, ap);
    va_end(ap);
    buf_release(err);
    *err = sentence;
    return -1;
}

int fail_errno(struct buf *err, const char *format, ...)
{
    struct buf sentence = BUF_EMPTY;
    int saved = errno;
    va_list ap;

    if (!err)
        return -1;
    va_start(ap, format);
    buf_vprintf(&sentence, format, ap);
    va_end(ap);
    buf_printf(&sentence, ": %s.", strerror(saved));
    buf_release(err);
    *err = sentence;
    errno = saved;
    return -1;
}

static void *or_abort(void *p)
{
    if (!p) {
        fputs("interleave: out of memory\n", stderr);
        abort();
    }
    return p;
}

void *xcalloc(size_t count, size_t size)
{
    return or_abort(calloc(count ? count : 1, size ? size : 1));
}

void *xrealloc(void *old, size_t size)
{
    return or_abort(realloc(old, size ? size : 1));
}

char *xstrdup(const char *text)
{
    return or_abort(strdup(text));
}

char *xasprintf(const char *format, ...)
{
    struct buf b = BUF_EMPTY;
    va_list ap;

    va_start(ap, format);
    buf_vprintf(&b, format, ap);
    va_end(ap);
    return buf_detach(&b);
}
