/* SPDX-License-Identifier: MIT */
#include "report/source.h"

#include "report/show.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MOST_BYTES ((size_t)1 << 20)

/* openat2 alone refuses links in the middle of a path without a window between look and use. */
static int open_beneath(int directory, const char *path)
{
    struct open_how how = {.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY,
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS};

    return (int)syscall(SYS_openat2, directory, path, &how, sizeof how);
}

static bool read_regular(int fd, struct buf *ret)
{
    struct stat st;
    char chunk[16384];
    ssize_t n;

    if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || (size_t)st.st_size > MOST_BYTES)
        return false;
    while ((n = read(fd, chunk, sizeof chunk)) > 0 && ret->length <= MOST_BYTES)
        buf_append(ret, chunk, (size_t)n);
    return n == 0;
}

static void find_lines(struct source *s)
{
    size_t capacity = 0;

    for (size_t i = 0; i < s->text.length; i++) {
        if (i > 0 && s->text.data[i - 1] != '\n')
            continue;
        if (s->n_lines == capacity) {
            capacity = capacity ? 2 * capacity : 256;
            s->starts = xrealloc(s->starts, capacity * sizeof *s->starts);
        }
        s->starts[s->n_lines++] = i;
    }
}

bool source_open(
    struct source *s, const char *files, const struct view_exercise *e, const char *file)
{
    char *paths[] = {xasprintf("%s/%s/%s", e->unit, e->id, file), xasprintf("%s/%s", e->id, file),
        xstrdup(file)};
    int directory = files ? open(files, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;
    bool found = false;

    *s = SOURCE_EMPTY;
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        int fd = directory < 0 || found ? -1 : open_beneath(directory, paths[i]);

        if (fd >= 0) {
            buf_clear(&s->text);
            found = read_regular(fd, &s->text);
            close(fd);
        }
        free(paths[i]);
    }
    if (directory >= 0)
        close(directory);
    if (found)
        find_lines(s);
    else
        buf_release(&s->text);
    return found;
}

void source_line(const struct source *s, size_t number, struct buf *out)
{
    size_t start, end;

    if (number < 1 || number > s->n_lines)
        return;
    start = s->starts[number - 1];
    end = number < s->n_lines ? s->starts[number] : s->text.length;
    while (end > start && (s->text.data[end - 1] == '\n' || s->text.data[end - 1] == '\r'))
        end--;
    if (end - start > 400) { /* a file in one line is no excerpt */
        show_bytes(out, s->text.data + start, 400);
        buf_puts(out, "...");
        return;
    }
    show_bytes(out, s->text.data + start, end - start);
}

void source_release(struct source *s)
{
    buf_release(&s->text);
    free(s->starts);
    *s = SOURCE_EMPTY;
}

static void insert_sorted(struct source_places *p, size_t line)
{
    size_t at = 0;

    while (at < p->count && p->lines[at] < line)
        at++;
    if (p->count == SOURCE_PLACES || (at < p->count && p->lines[at] == line))
        return;
    memmove(p->lines + at + 1, p->lines + at, (p->count - at) * sizeof *p->lines);
    p->lines[at] = line;
    p->count++;
}

void source_places(const struct view_check *c, const char *file, struct source_places *ret)
{
    json_t *all = view_findings(c);
    json_t *finding;
    size_t i;

    *ret = (struct source_places){.count = 0};
    json_array_foreach (all, i, finding) {
        double line = view_number(finding, "line");

        if (line >= 1 && line < 1e6 && !strcmp(view_text(finding, "file"), file))
            insert_sorted(ret, (size_t)line);
    }
    json_decref(all);
}

size_t source_excerpt(const struct source *s, const struct source_places *places,
    void (*line)(void *data, size_t number, const char *text, bool marked, bool gap), void *data)
{
    size_t shown = 0, last = 0;

    for (size_t i = 0; i < places->count; i++) {
        size_t mark = places->lines[i];
        size_t from = mark > SOURCE_AROUND ? mark - SOURCE_AROUND : 1;

        for (size_t n = from > last ? from : last + 1; n <= mark + SOURCE_AROUND; n++) {
            struct buf text = BUF_EMPTY;
            bool marked = false;

            if (mark > s->n_lines || n > s->n_lines)
                break;
            for (size_t k = 0; k < places->count; k++)
                marked |= places->lines[k] == n;
            source_line(s, n, &text);
            line(data, n, buf_text(&text), marked, shown > 0 && n != last + 1);
            buf_release(&text);
            last = n;
            shown++;
        }
    }
    return shown;
}
