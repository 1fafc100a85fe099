/* SPDX-License-Identifier: MIT */
#include "lab/entries.h"

#include "base/clean.h"
#include "base/io.h"

#include <dirent.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

enum { NAME_BYTES = 200 };

static const char *const endings[] = {
    ".zip", ".tar.gz", ".tar.xz", ".tar.zst", ".tgz", ".txz", ".tar", NULL};

static char *without_ending(const char *file)
{
    size_t length = strlen(file);
    char *cut, *name;

    for (const char *const *e = endings; *e; e++) {
        size_t tail = strlen(*e);

        if (length > tail && !strcasecmp(file + length - tail, *e)) {
            length -= tail;
            break;
        }
    }
    cut = xasprintf("%.*s", (int)length, file);
    name = clean_name(cut, NAME_BYTES);
    free(cut);
    return name;
}

/* What systems put into every folder that they show or unpack. */
static const char *const litter[] = {"__MACOSX", "Thumbs.db", "desktop.ini", "lost+found", NULL};

static int is_entry(const struct dirent *d)
{
    for (const char *const *name = litter; *name; name++)
        if (!strcasecmp(d->d_name, *name))
            return 0;
    return d->d_name[0] != '.';
}

static int by_name(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    int order = strcmp(x->name, y->name);

    return order ? order : strcmp(x->file, y->file);
}

static void rename_entry(struct entry *e, char *name)
{
    free(e->name);
    e->name = name;
}

/* Neighbours in the sorted list that share a name get their files' full names; when they have those
 * already (they were cleaned, or long), a number. True when there were any. */
static bool tell_neighbours_apart(struct entries *e, bool numbers)
{
    bool any = false;

    qsort(e->items, e->count, sizeof(*e->items), by_name);
    for (size_t i = 0, j; i < e->count; i = j) {
        for (j = i + 1; j < e->count && !strcmp(e->items[i].name, e->items[j].name);)
            j++;
        for (size_t k = i; j > i + 1 && k < j; k++) {
            struct entry *x = &e->items[k];

            any = true;
            if (numbers)
                rename_entry(x, xasprintf("%s (%zu)", x->name, k - i + 1));
            else
                rename_entry(x, clean_name(x->file, NAME_BYTES));
        }
    }
    return any;
}

/* A full name may be what another one is without its ending (a.zip.zip): so it is done again. */
static void tell_apart(struct entries *e)
{
    for (int pass = 0; e->count && tell_neighbours_apart(e, pass >= 3); pass++)
        ;
}

static bool is_same(const char *directory, const char *name, const struct stat *other)
{
    char *path = io_path(directory, name);
    struct stat st;
    bool same = stat(path, &st) == 0 && st.st_dev == other->st_dev && st.st_ino == other->st_ino;

    free(path);
    return same;
}

static void choose(struct entries *e, const char *only)
{
    for (size_t i = 0; i < e->count; i++) {
        struct entry *x = &e->items[i];

        x->chosen = !only || !fnmatch(only, x->name, 0) || !fnmatch(only, x->file, 0);
        e->chosen += x->chosen;
    }
}

int entries_read(const char *directory, const char *only, const char *except, struct entries *ret,
    struct buf *err)
{
    struct dirent **found = NULL;
    int count = scandir(directory, &found, is_entry, alphasort);
    struct stat st;
    bool has_except = except && stat(except, &st) == 0;

    if (count < 0)
        return fail_errno(err, "Cannot read the submissions in %s", directory);
    *ret = ENTRIES_EMPTY;
    ret->items = xcalloc((size_t)count + 1, sizeof(*ret->items));
    for (int i = 0; i < count; i++) {
        const char *file = found[i]->d_name;

        if (!has_except || !is_same(directory, file, &st))
            ret->items[ret->count++] = (struct entry){
                .file = xstrdup(file), .name = without_ending(file)};
        free(found[i]);
    }
    free(found);
    tell_apart(ret);
    choose(ret, only);
    return 0;
}

void entries_keep_slice(struct entries *e, size_t slice, size_t slices)
{
    e->chosen = 0;
    for (size_t i = 0; i < e->count; i++) {
        e->items[i].chosen = e->items[i].chosen && i % slices == slice;
        e->chosen += e->items[i].chosen;
    }
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
