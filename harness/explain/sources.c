/* SPDX-License-Identifier: MIT */
#include "explain/sources.h"

#include "base/clean.h"
#include "base/io.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { FILES_MOST = 8, FILE_MOST = 1 << 20 };

struct file {
    const char *name; /* base name, inside `path` */
    char *path;
    char *text;     /* clean; cut into strings */
    char **lines;   /* with indentation */
    char **trimmed; /* a copy of each, without */
    int count;
};

struct sources {
    struct file files[FILES_MOST];
    size_t count;
};

static char *trim(const char *line)
{
    size_t length;

    while (isspace((unsigned char)*line))
        line++;
    length = strlen(line);
    while (length && isspace((unsigned char)line[length - 1]))
        length--;
    return xasprintf("%.*s", (int)length, line);
}

static void cut_into_lines(struct file *f)
{
    char *rest = f->text, *line;
    int capacity = 1;

    for (const char *p = f->text; *p; p++)
        capacity += *p == '\n';
    f->lines = xcalloc((size_t)capacity, sizeof(*f->lines));
    f->trimmed = xcalloc((size_t)capacity, sizeof(*f->trimmed));
    while ((line = strsep(&rest, "\n"))) {
        f->lines[f->count] = line;
        f->trimmed[f->count++] = trim(line);
    }
}

static void add_file(struct sources *s, const char *path)
{
    struct buf text = BUF_EMPTY, clean = BUF_EMPTY;
    struct file *f = &s->files[s->count];

    if (s->count < FILES_MOST && !io_read_file(path, FILE_MOST, &text, NULL)) {
        clean_text(&clean, buf_text(&text), text.length, 0);
        f->path = xstrdup(path);
        f->name = io_base_name(f->path);
        f->text = buf_detach(&clean);
        if (!f->text)
            f->text = xstrdup("");
        cut_into_lines(f);
        s->count++;
    }
    buf_release(&text);
    buf_release(&clean);
}

struct sources *sources_open(const char *const *paths, size_t count)
{
    struct sources *s = xcalloc(1, sizeof(*s));

    for (size_t i = 0; i < count; i++)
        if (paths[i])
            add_file(s, paths[i]);
    return s;
}

void sources_close(struct sources *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < s->count; i++) {
        for (int k = 0; k < s->files[i].count; k++)
            free(s->files[i].trimmed[k]);
        free(s->files[i].trimmed);
        free(s->files[i].lines);
        free(s->files[i].text);
        free(s->files[i].path);
    }
    free(s);
}

static const struct file *find(const struct sources *s, const char *file)
{
    for (size_t i = 0; file && i < s->count; i++)
        if (!strcmp(s->files[i].name, file))
            return &s->files[i];
    return NULL;
}

const char *sources_line(const struct sources *s, const char *file, int line)
{
    const struct file *f = find(s, file);

    return f && line >= 1 && line <= f->count ? f->trimmed[line - 1] : NULL;
}

size_t sources_files(const struct sources *s)
{
    return s->count;
}

const char *sources_name(const struct sources *s, size_t index)
{
    return s->files[index].name;
}

bool sources_has(const struct sources *s, const char *file, int line)
{
    return !s->count || (find(s, file) && line >= 1);
}

const char *sources_main(const struct sources *s)
{
    return s->count ? s->files[0].name : NULL;
}

int sources_count(const struct sources *s, const char *file)
{
    const struct file *f = find(s, file);

    return f ? f->count : 0;
}

const char *sources_raw(const struct sources *s, const char *file, int line)
{
    const struct file *f = find(s, file);

    return f && line >= 1 && line <= f->count ? f->lines[line - 1] : NULL;
}
