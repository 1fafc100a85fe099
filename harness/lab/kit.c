/* SPDX-License-Identifier: MIT */
#include "lab/kit.h"

#include "base/io.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *find_root(struct buf *err)
{
    const char *given = getenv("LAB_ROOT");
    char own[4096];
    ssize_t length;

    if (given && *given)
        return xstrdup(given);
    length = readlink("/proc/self/exe", own, sizeof(own) - 1);
    if (length < 0) {
        fail_errno(err, "Cannot find where lab itself is (/proc is needed)");
        return NULL;
    }
    own[length] = '\0';
    for (int up = 0; up < 2; up++) /* …/build/lab → … */
        if (strrchr(own, '/'))
            *strrchr(own, '/') = '\0';
    return xstrdup(own);
}

static int skip_dots(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static int read_exercise(struct kit *kit, const char *unit, const char *id, struct buf *err)
{
    char *path = xasprintf("%s/labs/%s/%s/lab.conf", kit->root, unit, id);
    int result = 0;

    if (io_is_file(path)) {
        kit->exercises = xrealloc(kit->exercises, (kit->n_exercises + 1) * sizeof(*kit->exercises));
        result = manifest_read(path, unit, id, &kit->exercises[kit->n_exercises], err);
        if (!result)
            kit->n_exercises++;
    }
    free(path);
    return result;
}

static int read_unit(struct kit *kit, const char *unit, struct buf *err)
{
    char *path = xasprintf("%s/labs/%s", kit->root, unit);
    struct dirent **entries = NULL;
    int count = scandir(path, &entries, skip_dots, alphasort);
    int result = 0;

    for (int i = 0; i < count; i++) {
        if (!result)
            result = read_exercise(kit, unit, entries[i]->d_name, err);
        free(entries[i]);
    }
    free(entries);
    free(path);
    return result;
}

static int by_order(const void *a, const void *b)
{
    const struct manifest *x = a, *y = b;

    return x->order != y->order ? (x->order > y->order) - (x->order < y->order)
                                : strcmp(x->id, y->id);
}

int kit_open(struct kit *kit, struct buf *err)
{
    struct dirent **units = NULL;
    char *labs = NULL;
    int count, result = 0;

    *kit = KIT_EMPTY;
    kit->root = find_root(err);
    if (!kit->root)
        return -1;
    kit->build = getenv("LAB_BUILD") ? xstrdup(getenv("LAB_BUILD")) : io_path(kit->root, "build");
    labs = io_path(kit->root, "labs");
    count = scandir(labs, &units, skip_dots, alphasort);
    if (count < 0)
        result = fail_errno(err, "Cannot read the exercises in %s", labs);
    for (int i = 0; i < count; i++) {
        if (!result)
            result = read_unit(kit, units[i]->d_name, err);
        free(units[i]);
    }
    free(units);
    free(labs);
    if (kit->n_exercises)
        qsort(kit->exercises, kit->n_exercises, sizeof(*kit->exercises), by_order);
    if (result)
        kit_release(kit);
    return result;
}

void kit_release(struct kit *kit)
{
    for (size_t i = 0; i < kit->n_exercises; i++)
        manifest_release(&kit->exercises[i]);
    free(kit->exercises);
    free(kit->root);
    free(kit->build);
    *kit = KIT_EMPTY;
}

/* Edit distance (Levenshtein), for names up to 63 bytes. */
static size_t distance(const char *a, const char *b)
{
    size_t row[64], length = strlen(b);

    if (length > 63)
        return 99;
    for (size_t j = 0; j <= length; j++)
        row[j] = j;
    for (size_t i = 1; *a; a++, i++) {
        size_t diagonal = row[0];

        row[0] = i;
        for (size_t j = 1; j <= length; j++) {
            size_t best = diagonal + (*a != b[j - 1]);

            diagonal = row[j];
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            if (row[j] + 1 < best)
                best = row[j] + 1;
            row[j] = best;
        }
    }
    return row[length];
}

static int no_such_exercise(const struct kit *kit, const char *name, struct buf *err)
{
    struct buf near = BUF_EMPTY;

    for (size_t i = 0; i < kit->n_exercises; i++) {
        const char *id = kit->exercises[i].id;

        if (distance(name, id) <= 3 || (strlen(name) > 2 && strstr(id, name)))
            buf_printf(&near, "%s%s", near.length ? " or " : "", id);
    }
    if (near.length)
        fail(err, "There is no exercise `%s`. Did you mean %s?", name, buf_text(&near));
    else
        fail(err, "There is no exercise `%s`. `lab list` shows all of them.", name);
    buf_release(&near);
    return -1;
}

const struct manifest *kit_find(const struct kit *kit, const char *name, struct buf *err)
{
    char *own = xstrdup(name);
    size_t length = strlen(own);
    const struct manifest *found = NULL;
    const char *id;

    while (length && own[length - 1] == '/')
        own[--length] = '\0';
    id = io_base_name(own);
    for (size_t i = 0; i < kit->n_exercises && !found; i++)
        if (!strcmp(kit->exercises[i].id, id))
            found = &kit->exercises[i];
    if (!found)
        no_such_exercise(kit, id, err);
    free(own);
    return found;
}

char *kit_path(const struct kit *kit, const char *top, const struct manifest *m, const char *file)
{
    return xasprintf(
        "%s/%s/%s/%s%s%s", kit->root, top, m->unit, m->id, file ? "/" : "", file ? file : "");
}
