/* SPDX-License-Identifier: MIT */
/*
 * buf - a string that grows.
 *
 *     struct buf b = BUF_EMPTY;
 *     buf_printf(&b, "%d items", n);
 *     puts(buf_text(&b));
 *     buf_release(&b);
 *
 * A buf owns its bytes and always keeps a NUL after them. It starts as BUF_EMPTY; releasing an
 * empty buf is fine. When memory runs out the process aborts: nobody above could do better.
 * The same type carries error sentences: a function that can fail takes `struct buf *err`, returns
 * 0 or a negative number, and on failure leaves one full sentence with its remedy in `err`.
 * Safe after fork; not shared between threads.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdarg.h>
#include <stddef.h>

struct buf {
    char *data;
    size_t length;   /* bytes, without the NUL */
    size_t capacity; /* bytes allocated */
};

#define BUF_EMPTY ((struct buf){0})

/* The text, never NULL. Valid until the next change. */
const char *buf_text(const struct buf *b);

/* Adds bytes, a string, one character, or formatted text at the end. */
void buf_append(struct buf *b, const void *bytes, size_t length);
void buf_puts(struct buf *b, const char *text);
void buf_putc(struct buf *b, char c);
void buf_printf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_vprintf(struct buf *b, const char *format, va_list ap)
    __attribute__((format(printf, 2, 0)));

/* Forgets the contents and keeps the memory. */
void buf_clear(struct buf *b);

/* Frees the memory; the buf is BUF_EMPTY afterwards. */
void buf_release(struct buf *b);

/* Gives the text away: the caller frees it with free(). The buf is BUF_EMPTY afterwards. */
char *buf_detach(struct buf *b);

/* Replaces what `err` holds by one sentence and returns -1, so that `return fail(err, …)` reads
 * well. `err` may be NULL. */
int fail(struct buf *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The same, with ": " and the text of the current errno before the final stop. */
int fail_errno(struct buf *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Memory that cannot be NULL. Free with free(). */
void *xcalloc(size_t count, size_t size);
void *xrealloc(void *old, size_t size);
char *xstrdup(const char *text);
char *xasprintf(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
