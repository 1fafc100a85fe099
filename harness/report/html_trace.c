/* SPDX-License-Identifier: MIT */
/*
 * An interleaving that explain_text() wrote in columns, one per thread, drawn as lanes again:
 *
 *      step  place          thread 1                   thread 2
 *    >    1  counter.c:8    value++;
 *                             reads value: 0
 *    >    2  counter.c:8                               value++;
 *                                                        reads value: 0
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

enum { LANES_MOST = 8, ROWS_MOST = 600, TEXT_MOST = 65536 };

struct lanes {
    char *line[ROWS_MOST]; /* of the text, visible, cut at its newlines */
    size_t n_lines;
    size_t header, end;       /* rows are between them, both excluded */
    size_t start[LANES_MOST]; /* columns */
    size_t count;
};

/* The rest of the line from a column on; "" beyond its end. */
static const char *from_column(const char *line, size_t column)
{
    struct buf one = BUF_EMPTY;

    for (size_t at = 0; *line && at < column; line++) {
        buf_putc(&one, *line);
        if ((line[1] & 0xc0) == 0x80) /* a character goes on */
            continue;
        at += show_columns(buf_text(&one));
        buf_clear(&one);
    }
    buf_release(&one);
    return line;
}

static size_t indent_of(const char *line)
{
    return strspn(line, " ");
}

static bool begins(const char *text, const char *word)
{
    return !strncmp(text, word, strlen(word));
}

/* "thread 1", "main", "child 2": what a lane can be called. */
static bool is_task(const char *cell)
{
    static const char *const words[] = {"main", "thread", "process", "child", "parent", "task"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (begins(cell, words[i]))
            return true;
    return false;
}

/* Reads the names of lanes, which stand two spaces apart or more. */
static bool read_header(struct lanes *l, const char *line)
{
    size_t at = indent_of(line);

    if (!begins(line + at, "step "))
        return false;
    for (l->count = 0; line[at];) {
        const char *gap = strstr(line + at, "  ");
        bool left = l->count == 0 && (begins(line + at, "step ") || begins(line + at, "place "));

        if (!left && (!is_task(line + at) || l->count == LANES_MOST))
            return false;
        if (!left)
            l->start[l->count++] = at;
        at = gap ? (size_t)(gap - line) + indent_of(gap) : strlen(line);
    }
    return l->count > 0;
}

/* The lane that a line has its text in, or `count`: what stands left of all lanes is looked over.
 */
static size_t lane_of(const struct lanes *l, const char *line)
{
    const char *rest = from_column(line, l->start[0]);
    size_t column = l->start[0] + indent_of(rest), lane = 0;

    if (!*rest)
        return l->count;
    while (lane + 1 < l->count && l->start[lane + 1] <= column)
        lane++;
    return lane;
}

static bool is_fold(const char *line)
{
    return begins(line + indent_of(line), "... ") && strstr(line, " more step");
}

static bool find_lanes(struct lanes *l)
{
    for (l->header = 0; l->header < l->n_lines; l->header++)
        if (read_header(l, l->line[l->header]))
            break;
    if (l->header == l->n_lines)
        return false;
    for (l->end = l->header + 1; l->end < l->n_lines && *l->line[l->end]; l->end++)
        if (lane_of(l, l->line[l->end]) == l->count && !is_fold(l->line[l->end]))
            return false;
    return l->end > l->header + 1;
}

/* Text up to the next two spaces. */
static void cell_of(const char *text, struct buf *out)
{
    const char *end = strstr(text, "  ");

    buf_append(out, text, end ? (size_t)(end - text) : strlen(text));
}

static void header_cells(const struct lanes *l, struct buf *out)
{
    buf_puts(out, "<thead><tr><th scope=\"col\">step</th>");
    for (size_t i = 0; i < l->count; i++) {
        struct buf name = BUF_EMPTY;

        cell_of(l->line[l->header] + l->start[i], &name);
        buf_printf(out, "<th scope=\"col\" class=\"lane%zu\">", i % 4);
        page_line(out, buf_text(&name));
        buf_puts(out, "</th>");
        buf_release(&name);
    }
    buf_puts(out, "</tr></thead>\n");
}

/* A row begins with its step; what goes on below has nothing in front of its lane. */
static bool begins_row(const struct lanes *l, size_t i)
{
    return indent_of(l->line[i]) < l->start[0];
}

/* "> 12  counter.c:8": the step, and the place as the cell's first words. */
static void step_cell(const char *line, struct buf *place, struct buf *out)
{
    const char *s = line + strspn(line, " >");
    struct buf step = BUF_EMPTY;

    cell_of(s, &step);
    buf_puts(out, "<td class=\"step\">");
    page_line(out, buf_text(&step));
    buf_puts(out, "</td>");
    s += step.length;
    cell_of(s + indent_of(s), place);
    buf_release(&step);
}

/* The cell's lines: source first, unless it stood right above; what happened stands deeper. */
static void cell_lines(
    const struct lanes *l, size_t lane, size_t from, size_t to, struct buf *place, struct buf *out)
{
    for (size_t i = from; i < to; i++) {
        const char *text = from_column(l->line[i], l->start[lane]);

        buf_printf(out, "<div class=\"%s\">", *text == ' ' ? "did" : "code");
        if (place->length) {
            page_element(out, "b", NULL, buf_text(place));
            buf_putc(out, ' ');
        }
        buf_clear(place);
        page_line(out, text + indent_of(text));
        buf_puts(out, "</div>");
    }
}

/* Draws the row that begins at line `from`; returns the line after it. */
static size_t row(const struct lanes *l, size_t from, struct buf *out)
{
    const char *line = l->line[from];
    struct buf place = BUF_EMPTY;
    size_t to = from + 1, lane = lane_of(l, line);

    if (is_fold(line)) {
        buf_printf(out, "<tr class=\"fold\"><td colspan=\"%zu\">", l->count + 1);
        page_line(out, line + indent_of(line));
        buf_puts(out, "</td></tr>\n");
        return to;
    }
    while (to < l->end && !begins_row(l, to) && !is_fold(l->line[to]))
        to++;
    buf_puts(out, *line == '>' ? "<tr class=\"key\">" : "<tr>");
    step_cell(line, &place, out);
    for (size_t i = 0; i < l->count; i++) {
        if (i != lane) {
            buf_puts(out, "<td></td>");
            continue;
        }
        buf_printf(out, "<td class=\"lane%zu\">", i % 4);
        cell_lines(l, lane, from, to, &place, out);
        buf_puts(out, "</td>");
    }
    buf_puts(out, "</tr>\n");
    buf_release(&place);
    return to;
}

static void table(const struct lanes *l, struct buf *out)
{
    size_t i = l->header + 1;

    /* A second line of headings has nothing in front: "worker()   worker()". */
    if (!begins_row(l, i))
        i++;
    buf_puts(out, "<div class=\"scroll\" tabindex=\"0\"><table class=\"lanes\">\n");
    header_cells(l, out);
    buf_puts(out, "<tbody>\n");
    while (i < l->end)
        i = row(l, i, out);
    buf_puts(out, "</tbody></table></div>\n");
}

/* Lines that are no rows, as paragraphs: an empty line ends one, a remark in brackets begins one.
 */
static void prose(const struct lanes *l, size_t from, size_t to, struct buf *out)
{
    struct buf text = BUF_EMPTY;

    for (size_t i = from; i <= to; i++) {
        if (text.length && (i == to || !*l->line[i] || *l->line[i] == '(')) {
            if (!begins(buf_text(&text), "see it again: ")) /* the check has the command itself */
                page_element(
                    out, "p", buf_text(&text)[0] == '(' ? "means" : "story", buf_text(&text));
            buf_clear(&text);
        }
        if (i < to && *l->line[i])
            buf_printf(&text, "%s%s", text.length ? " " : "", l->line[i]);
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
        table(l, out);
    }
    buf_release(&visible);
    free(l);
    return found;
}
