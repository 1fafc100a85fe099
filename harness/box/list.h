/* SPDX-License-Identifier: MIT */
/*
 * list - a growing vector of strings that owns them, with a NULL at the end.
 */
#ifndef BOX_LIST_H
#define BOX_LIST_H

#include <stddef.h>

struct list {
    char **words; /* NULL when empty */
    size_t count;
};

#define LIST_EMPTY ((struct list){0})

/* Copies one string, or every one up to a NULL. */
void list_add(struct list *l, const char *word);
void list_add_all(struct list *l, const char *const *words);

/* As printf. */
void list_addf(struct list *l, const char *format, ...) __attribute__((format(printf, 2, 3)));

void list_release(struct list *l);

#endif
