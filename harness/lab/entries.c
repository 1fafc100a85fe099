/* SPDX-License-Identifier: MIT */
#include "lab/entries.h"

#include <dirent.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

static const char *const endings[] = {
    ".zip", ".tar.gz", ".tar.xz", ".tar.zst", ".tgz", ".txz", ".tar", NULL};

static char *without_ending(const char *file)
{
    size_t length = strlen(file);

    for (const char *const *e = endings; *e; e++) {
        size_t tail = strlen(*e);

        if (length > tail && !strcasecmp(file + length - tail, *e))
            return xasprintf("%.*s", (int)(length - tail), file);
    }
    return xstrdup(file);
}

static int not_hidden(const struct dirent *d)
{
    return d->d_name[0] != '.';
}

static int by_name(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    int order = strcmp(x->name, y->name);

    return order ? order : strcmp(x->file, y->file);
}

/* Neighbours in the sorted list that share a name get their files' full names. */
static void tell_apart(struct entries *e)
{
    for (size_t i = 0; i + 1 < e->count; i++) {
        size_t j = i + 1;

        while (j < e->count && !strcmp(e->items[i].name, e->items[j].name))
            j++;
        for (size_t k = i; j > i + 1 && k < j; k++) {
            free(e->items[k].name);
            e->items[k].name = xstrdup(e->items[k].file);
        }
        i = j - 1;
    }
    if (e->count)
        qsort(e->items, e->count, sizeof(*e->items), by_name);
}

int entries_read(const char *directory, const char *only, struct entries *ret, struct buf *err)
{
    struct dirent **found = NULL;
    int count = scandir(directory, &found, not_hidden, alphasort);

    if (count < 0)
        return fail_errno(err, "Cannot read the submissions in %s", directory);
    *ret = ENTRIES_EMPTY;
    ret->items = xcalloc((size_t)count, sizeof(*ret->items));
    for (int i = 0; i < count; i++) {
        char *name = without_ending(found[i]->d_name);

        if (only && fnmatch(only, name, 0) && fnmatch(only, found[i]->d_name, 0))
            free(name);
        else
            ret->items[ret->count++] = (struct entry){xstrdup(found[i]->d_name), name};
        free(found[i]);
    }
    free(found);
    if (ret->count)
        qsort(ret->items, ret->count, sizeof(*ret->items), by_name);
    tell_apart(ret);
    return 0;
}

void entries_release(struct entries *e)
{
    for (size_t i = 0; i < e->count; i++) {
        free(e->items[i].file);
        free(e->items[i].name);
    }
    free(e->items);
    *e = ENTRIES_EMPTY;
}
