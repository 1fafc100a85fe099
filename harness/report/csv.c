/* SPDX-License-Identifier: MIT */
#include "report/csv.h"

#include "report/show.h"

#include <stdlib.h>
#include <string.h>

static const char byte_order_mark[] = "\xef\xbb\xbf";

/* Reading: a position in the sheet, and the line for messages. */
struct reader {
    struct csv *s;
    size_t at, line;
};

static bool ends_cell(const struct csv *s, size_t at)
{
    return at >= s->length || s->sheet[at] == s->delimiter || s->sheet[at] == '\n' ||
           s->sheet[at] == '\r';
}

static int quoted_cell(struct reader *r, struct buf *text, struct buf *err)
{
    const struct csv *s = r->s;
    size_t line = r->line;

    for (r->at++; r->at < s->length; r->at++) {
        if (s->sheet[r->at] == '"') {
            if (r->at + 1 >= s->length || s->sheet[r->at + 1] != '"')
                break;
            r->at++;
        }
        r->line += s->sheet[r->at] == '\n';
        buf_putc(text, s->sheet[r->at]);
    }
    if (r->at >= s->length)
        return fail(
            err, "The sheet is damaged: a quote that opens in line %zu never closes.", line);
    r->at++;
    if (!ends_cell(s, r->at))
        return fail(
            err, "The sheet is damaged: in line %zu there is text after a closing quote.", r->line);
    return 0;
}

static int read_cell(struct reader *r, struct csv_row *row, struct buf *err)
{
    const struct csv *s = r->s;
    struct buf text = BUF_EMPTY;
    struct csv_cell cell = {.from = r->at};

    if (r->at < s->length && s->sheet[r->at] == '"') {
        cell.quoted = true;
        if (quoted_cell(r, &text, err) < 0) {
            buf_release(&text);
            return -1;
        }
    }
    while (!ends_cell(s, r->at))
        buf_putc(&text, s->sheet[r->at++]);
    cell.to = row->end = r->at;
    cell.text = xstrdup(buf_text(&text));
    buf_release(&text);
    row->cells = xrealloc(row->cells, (row->count + 1) * sizeof *row->cells);
    row->cells[row->count++] = cell;
    return 0;
}

static int read_row(struct reader *r, struct buf *err)
{
    struct csv *s = r->s;
    struct csv_row *row;

    if ((s->n_rows & (s->n_rows - 1)) == 0)
        s->rows = xrealloc(s->rows, (s->n_rows ? 2 * s->n_rows : 1) * sizeof *s->rows);
    row = &s->rows[s->n_rows++];
    *row = (struct csv_row){0};
    for (;;) {
        if (read_cell(r, row, err) < 0)
            return -1;
        if (r->at >= s->length || s->sheet[r->at] != s->delimiter)
            break;
        r->at++;
    }
    if (r->at < s->length && s->sheet[r->at] == '\r')
        r->at++;
    if (r->at < s->length && s->sheet[r->at] == '\n')
        r->at++;
    r->line++;
    return 0;
}

/* The character of ",;\t" that the first row has most of, outside of quotes. */
static char find_delimiter(const char *sheet, size_t length)
{
    static const char candidates[] = ",;\t";
    size_t count[3] = {0}, best = 0;
    bool quoted = false;

    for (size_t i = 0; i < length && (quoted || (sheet[i] != '\n' && sheet[i] != '\r')); i++) {
        const char *c = quoted ? NULL : memchr(candidates, sheet[i], 3);

        quoted ^= sheet[i] == '"';
        if (c)
            count[c - candidates]++;
    }
    for (size_t i = 1; i < 3; i++)
        if (count[i] > count[best])
            best = i;
    return candidates[best];
}

int csv_read(struct csv *s, const char *sheet, size_t length, struct buf *err)
{
    struct reader r = {.s = s, .line = 1};

    *s = CSV_EMPTY;
    if (length >= 2 && (!memcmp(sheet, "\xff\xfe", 2) || !memcmp(sheet, "\xfe\xff", 2)))
        return fail(err, "The sheet is in UTF-16. Export it as CSV in UTF-8.");
    if (memchr(sheet, '\0', length))
        return fail(
            err, "The sheet has NUL bytes in it. Is it a spreadsheet file? Export it as CSV.");
    s->sheet = xcalloc(length + 1, 1);
    memcpy(s->sheet, sheet, length);
    s->length = length;
    if (length >= 3 && !memcmp(sheet, byte_order_mark, 3))
        r.at = 3;
    s->delimiter = find_delimiter(sheet + r.at, length - r.at);
    while (r.at < length) {
        if (read_row(&r, err) < 0) {
            csv_release(s);
            return -1;
        }
    }
    return 0;
}

const char *csv_text(const struct csv *s, size_t row, size_t column)
{
    return row < s->n_rows && column < s->rows[row].count ? s->rows[row].cells[column].text : "";
}

static bool same_heading(const char *cell, const char *heading)
{
    size_t length;

    cell += strspn(cell, " ");
    length = strlen(cell);
    while (length > 0 && cell[length - 1] == ' ')
        length--;
    return length == strlen(heading) && !strncmp(cell, heading, length);
}

long csv_column(const struct csv *s, size_t row, const char *heading)
{
    long found = -1;

    for (size_t i = 0; row < s->n_rows && i < s->rows[row].count; i++)
        if (same_heading(csv_text(s, row, i), heading))
            found = found == -1 ? (long)i : -2;
    return found;
}

void csv_set(struct csv *s, size_t row, size_t column, const char *text)
{
    struct csv_row *r = &s->rows[row];

    while (r->count <= column) {
        r->cells = xrealloc(r->cells, (r->count + 1) * sizeof *r->cells);
        r->cells[r->count++] = (struct csv_cell){
            .text = xstrdup(""), .from = r->end, .to = r->end, .added = true};
    }
    free(r->cells[column].text);
    r->cells[column].text = xstrdup(text);
    r->cells[column].changed = true;
}

static void write_cell(struct buf *out, const char *text, char delimiter, bool quoted)
{
    const char special[] = {'"', '\n', '\r', delimiter, '\0'};

    if (!quoted && !strpbrk(text, special)) {
        buf_puts(out, text);
        return;
    }
    buf_putc(out, '"');
    for (; *text; text++) {
        if (*text == '"')
            buf_putc(out, '"');
        buf_putc(out, *text);
    }
    buf_putc(out, '"');
}

/* Copies the sheet, with changed cells in the place of their bytes. */
void csv_write(const struct csv *s, struct buf *out)
{
    size_t copied = 0;

    for (size_t i = 0; i < s->n_rows; i++) {
        const struct csv_row *row = &s->rows[i];

        for (size_t k = 0; k < row->count; k++) {
            const struct csv_cell *cell = &row->cells[k];

            if (!cell->changed && !cell->added)
                continue;
            buf_append(out, s->sheet + copied, cell->from - copied);
            if (cell->added)
                buf_putc(out, s->delimiter);
            write_cell(out, cell->text, s->delimiter, cell->quoted);
            copied = cell->to;
        }
    }
    buf_append(out, s->sheet + copied, s->length - copied);
}

void csv_release(struct csv *s)
{
    for (size_t i = 0; i < s->n_rows; i++) {
        for (size_t k = 0; k < s->rows[i].count; k++)
            free(s->rows[i].cells[k].text);
        free(s->rows[i].cells);
    }
    free(s->rows);
    free(s->sheet);
    *s = CSV_EMPTY;
}

void csv_cell(struct buf *out, const char *text)
{
    struct buf line = BUF_EMPTY;
    char *end;

    show_line(&line, text);
    strtod(buf_text(&line), &end);
    if (line.length && strchr("=+-@", line.data[0]) && *end) {
        struct buf safe = BUF_EMPTY;

        buf_printf(&safe, "'%s", line.data);
        buf_release(&line);
        line = safe;
    }
    write_cell(out, buf_text(&line), ',', false);
    buf_release(&line);
}
