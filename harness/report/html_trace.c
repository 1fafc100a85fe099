/* SPDX-License-Identifier: MIT */
/*
 * An interleaving that the explorer wrote in columns, one per thread, drawn as lanes again:
 *
 *     thread 1                thread 2
 *     14 reads c->value: 0
 *                             14 reads c->value: 0
 *
 *     Thread 1 read 0, …
 *
 * The text is all there is, and it may come from anybody: what does not fit is shown as it stands.
 */
#include "report/html.h"

#include "report/page.h"
#include "report/show.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { LANES_MOST = 8, ROWS_MOST = 400, TEXT_MOST = 65536 };

struct lanes {
    char *line[ROWS_MOST]; /* of the text, visible, cut at its newlines */
    size_t n_lines;
    size_t header, end; /* rows are between them, both excluded */
    size_t start[LANES_MOST];
    size_t count;
};

static size_t indent_of(const char *line)
{
    return strspn(line, " ");
}

/* "thread 1", "main", "child 2": what a lane can be called. */
static bool is_task(const char *cell, size_t length)
{
    static const char *const words[] = {"main", "thread", "process", "child", "parent", "task"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (length >= strlen(words[i]) && !strncmp(cell, words[i], strlen(words[i])))
            return true;
    return false;
}

/* Reads the names of lanes, which stand two spaces apart or more. */
static bool read_header(struct lanes *l, const char *line)
{
    const char *s = line + indent_of(line);

    for (l->count = 0; *s && l->count < LANES_MOST;) {
        const char *end = strstr(s, "  ");
        size_t length = end ? (size_t)(end - s) : strlen(s);

        if (!is_task(s, length))
            return false;
        l->start[l->count++] = (size_t)(s - line);
        s += length;
        s += strspn(s, " ");
    }
    return !*s && l->count >= 2;
}

/* The lane that a row begins in, or `count`. */
static size_t lane_of(const struct lanes *l, const char *line)
{
    size_t i = 0;

    while (i < l->count && l->start[i] != indent_of(line))
        i++;
    return i;
}

static bool is_rule(const char *line)
{
    return line[strspn(line, " -=|+")] == '\0';
}

static bool find_lanes(struct lanes *l)
{
    for (l->header = 0; l->header < l->n_lines; l->header++)
        if (read_header(l, l->line[l->header]))
            break;
    if (l->header == l->n_lines)
        return false;
    for (l->end = l->header + 1; l->end < l->n_lines && *l->line[l->end]; l->end++)
        if (lane_of(l, l->line[l->end]) == l->count && !is_rule(l->line[l->end]))
            return false;
    return l->end > l->header + 1;
}

static void header_cells(const struct lanes *l, struct buf *out)
{
    buf_puts(out, "<thead><tr>");
    for (size_t i = 0; i < l->count; i++) {
        const char *cell = l->line[l->header] + l->start[i];
        const char *end = strstr(cell, "  ");
        struct buf name = BUF_EMPTY;

        buf_append(&name, cell, end ? (size_t)(end - cell) : strlen(cell));
        buf_printf(out, "<th scope=\"col\" class=\"lane%zu\">", i % 4);
        page_line(out, buf_text(&name));
        buf_puts(out, "</th>");
        buf_release(&name);
    }
    buf_puts(out, "</tr></thead>\n");
}

static void row(const struct lanes *l, const char *line, struct buf *out)
{
    size_t lane = lane_of(l, line);
    const char *text = line + indent_of(line);
    size_t digits = strspn(text, "0123456789");

    buf_puts(out, "<tr>");
    for (size_t i = 0; i < l->count; i++) {
        if (i != lane) {
            buf_puts(out, "<td></td>");
            continue;
        }
        buf_printf(out, "<td class=\"lane%zu\">", i % 4);
        if (digits > 0 && digits < 7 && text[digits] == ' ') {
            buf_printf(out, "<b>%.*s</b>", (int)digits, text);
            text += digits + 1;
        }
        page_line(out, text);
        buf_puts(out, "</td>");
    }
    buf_puts(out, "</tr>\n");
}

/* Lines that are no rows, as paragraphs: an empty line ends one. */
static void prose(const struct lanes *l, size_t from, size_t to, struct buf *out)
{
    struct buf text = BUF_EMPTY;

    for (size_t i = from; i <= to; i++) {
        if (i < to && *l->line[i]) {
            buf_printf(&text, "%s%s", text.length ? " " : "", l->line[i]);
        } else if (text.length) {
            buf_puts(out, "<p class=\"story\">");
            page_prose(out, buf_text(&text));
            buf_puts(out, "</p>\n");
            buf_clear(&text);
        }
    }
    buf_release(&text);
}

static void split(struct lanes *l, char *rest)
{
    while (rest && l->n_lines < ROWS_MOST) {
        char *line = strsep(&rest, "\n");
        size_t length = strlen(line);

        while (length > 0 && line[length - 1] == ' ')
            line[--length] = '\0';
        l->line[l->n_lines++] = line;
    }
    if (rest) /* too long to be drawn */
        l->n_lines = 0;
}

bool html_trace(const char *text, struct buf *out)
{
    struct lanes *l = xcalloc(1, sizeof *l);
    struct buf visible = BUF_EMPTY;
    bool found;

    if (strlen(text) < TEXT_MOST)
        show_text(&visible, text);
    split(l, visible.data);
    found = find_lanes(l);
    if (found) {
        prose(l, 0, l->header, out);
        prose(l, l->end, l->n_lines, out);
        buf_puts(out, "<div class=\"scroll\" tabindex=\"0\"><table class=\"lanes\">\n");
        header_cells(l, out);
        buf_puts(out, "<tbody>\n");
        for (size_t i = l->header + 1; i < l->end; i++)
            if (!is_rule(l->line[i]))
                row(l, l->line[i], out);
        buf_puts(out, "</tbody></table></div>\n");
    }
    buf_release(&visible);
    free(l);
    return found;
}
