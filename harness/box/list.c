/* SPDX-License-Identifier: MIT */
#include "box/list.h"

#include "base/buf.h"

#include <stdarg.h>
#include <stdlib.h>

static void take(struct list *l, char *word)
{
    l->words = xrealloc(l->words, (l->count + 2) * sizeof(*l->words));
    l->words[l->count++] = word;
    l->words[l->count] = NULL;
}

void list_add(struct list *l, const char *word)
{
    take(l, xstrdup(word));
}

void list_add_all(struct list *l, const char *const *words)
{
    while (words && *words)
        list_add(l, *words++);
}

void list_addf(struct list *l, const char *format, ...)
{
    struct buf b = BUF_EMPTY;
    va_list ap;

    va_start(ap, format);
    buf_vprintf(&b, format, ap);
    va_end(ap);
    take(l, buf_detach(&b));
}

void list_release(struct list *l)
{
    for (size_t i = 0; i < l->count; i++)
        free(l->words[i]);
    free(l->words);
    *l = LIST_EMPTY;
}
