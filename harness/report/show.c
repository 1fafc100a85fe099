/* SPDX-License-Identifier: MIT */
#include "report/show.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Decodes one code point of valid, shortest-form UTF-8; returns its length, 0 when it is not. */
static size_t decode(const unsigned char *s, size_t left, uint32_t *ret)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t n = s[0] < 0x80 ? 1 : s[0] < 0xc2 ? 0 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;
    uint32_t c = n == 1 ? s[0] : n == 2 ? s[0] & 0x1fu : n == 3 ? s[0] & 0x0fu : s[0] & 0x07u;

    if (n == 0 || n > left || s[0] > 0xf4)
        return 0;
    for (size_t i = 1; i < n; i++) {
        if ((s[i] & 0xc0) != 0x80)
            return 0;
        c = c << 6 | (s[i] & 0x3fu);
    }
    if (c < least[n] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
        return 0;
    *ret = c;
    return n;
}

struct range {
    uint32_t first, last;
};

static bool within(const struct range *table, size_t n, uint32_t c)
{
    for (size_t i = 0; i < n; i++)
        if (c >= table[i].first && c <= table[i].last)
            return true;
    return false;
}

#define WITHIN(table, c) within(table, sizeof table / sizeof *table, c)

/* Controls, and what changes the order or the look of the text around it without being seen. The
 * zero-width joiner (200d) stays: it holds emoji and some scripts together. */
static const struct range hidden[] = {{0, 8}, {11, 0x1f}, {0x7f, 0x9f}, {0xad, 0xad},
    {0x61c, 0x61c}, {0x180e, 0x180e}, {0x200b, 0x200c}, {0x200e, 0x200f}, {0x2028, 0x202e},
    {0x2060, 0x206f}, {0xfeff, 0xfeff}, {0xfff9, 0xfffb}, {0xfffe, 0xffff}, {0xe0000, 0xe007f}};

static const struct range combining[] = {{0x300, 0x36f}, {0x483, 0x489}, {0x591, 0x5bd},
    {0x610, 0x61a}, {0x64b, 0x65f}, {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff}, {0x200d, 0x200d},
    {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}, {0x1f3fb, 0x1f3ff}};

static const struct range wide[] = {{0x1100, 0x115f}, {0x2e80, 0x303e}, {0x3041, 0xa4cf},
    {0xac00, 0xd7a3}, {0xf900, 0xfaff}, {0xfe30, 0xfe6f}, {0xff00, 0xff60}, {0xffe0, 0xffe6},
    {0x1f300, 0x1f64f}, {0x1f680, 0x1f6ff}, {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd}};

void show_bytes(struct buf *out, const char *bytes, size_t length)
{
    const unsigned char *s = (const unsigned char *)bytes;

    for (size_t i = 0; i < length;) {
        uint32_t c = 0;
        size_t n = decode(s + i, length - i, &c);

        if (n == 0)
            buf_printf(out, "\\x%02x", s[i]);
        else if (c == '\t')
            buf_puts(out, "    ");
        else if (!WITHIN(hidden, c))
            buf_append(out, s + i, n);
        else if (c == '\r' && i + 1 < length && s[i + 1] == '\n')
            ; /* a line end of another system */
        else
            buf_printf(out, c < 0x80 ? "\\x%02x" : "\\u%04x", (unsigned)c);
        i += n ? n : 1;
    }
}

void show_text(struct buf *out, const char *text)
{
    if (text)
        show_bytes(out, text, strlen(text));
}

void show_line(struct buf *out, const char *text)
{
    struct buf clean = BUF_EMPTY;
    const char *s;

    show_text(&clean, text);
    for (s = buf_text(&clean); *s; s++) {
        if (*s != '\n')
            buf_putc(out, *s);
        else if (s[1] && s[1] != '\n')
            buf_putc(out, ' ');
    }
    buf_release(&clean);
}

/* Copies visible text, with every character of `special` replaced by what `replace` holds for it.
 */
struct replacement {
    char c;
    const char *by;
};

static void replaced(struct buf *out, const char *text, const struct replacement *table)
{
    for (const char *s = text; *s; s++) {
        const struct replacement *r = table;

        while (r->by && r->c != *s)
            r++;
        if (r->by)
            buf_puts(out, r->by);
        else
            buf_putc(out, *s);
    }
}

static void show_replaced(
    struct buf *out, const char *text, bool one_line, const struct replacement *table)
{
    struct buf clean = BUF_EMPTY;

    (one_line ? show_line : show_text)(&clean, text);
    replaced(out, buf_text(&clean), table);
    buf_release(&clean);
}

void show_xml(struct buf *out, const char *text)
{
    static const struct replacement table[] = {
        {'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&#39;"}, {0, NULL}};

    show_replaced(out, text, false, table);
}

void show_markdown(struct buf *out, const char *text)
{
    static const struct replacement table[] = {{'\\', "\\\\"}, {'`', "\\`"}, {'*', "\\*"},
        {'_', "\\_"}, {'{', "\\{"}, {'}', "\\}"}, {'[', "\\["}, {']', "\\]"}, {'(', "\\("},
        {')', "\\)"}, {'#', "\\#"}, {'+', "\\+"}, {'!', "\\!"}, {'|', "\\|"}, {'~', "\\~"},
        {'<', "&lt;"}, {'>', "&gt;"}, {'&', "&amp;"}, {'@', "&#64;"}, {':', "&#58;"}, {'$', "\\$"},
        {0, NULL}};

    show_replaced(out, text, true, table);
}

static size_t longest_run(const char *text, char c)
{
    size_t longest = 0;

    for (size_t run = 0; *text; text++) {
        run = *text == c ? run + 1 : 0;
        if (run > longest)
            longest = run;
    }
    return longest;
}

static void repeated(struct buf *out, char c, size_t times)
{
    while (times-- > 0)
        buf_putc(out, c);
}

/* A pipe would end a table's cell even inside a code span; \| is what GitHub wants there, and it is
 * shown as | in tables only. So code spans in running text must not hold pipes: none of ours do. */
void show_markdown_code(struct buf *out, const char *text)
{
    static const struct replacement pipe[] = {{'|', "\\|"}, {0, NULL}};
    struct buf clean = BUF_EMPTY;
    size_t fence;

    show_line(&clean, text);
    fence = longest_run(buf_text(&clean), '`') + 1;
    repeated(out, '`', fence);
    if (fence > 1 || !clean.length)
        buf_putc(out, ' ');
    replaced(out, buf_text(&clean), pipe);
    if (fence > 1 || !clean.length)
        buf_putc(out, ' ');
    repeated(out, '`', fence);
    buf_release(&clean);
}

void show_markdown_block(struct buf *out, const char *text)
{
    struct buf clean = BUF_EMPTY;
    size_t fence;

    show_text(&clean, text);
    fence = longest_run(buf_text(&clean), '`') + 1;
    fence = fence < 3 ? 3 : fence;
    repeated(out, '`', fence);
    buf_puts(out, "text\n");
    buf_puts(out, buf_text(&clean));
    if (clean.length && clean.data[clean.length - 1] != '\n')
        buf_putc(out, '\n');
    repeated(out, '`', fence);
    buf_putc(out, '\n');
    buf_release(&clean);
}

void show_workflow_data(struct buf *out, const char *text)
{
    static const struct replacement table[] = {
        {'%', "%25"}, {'\r', "%0D"}, {'\n', "%0A"}, {0, NULL}};

    show_replaced(out, text, false, table);
}

void show_workflow_property(struct buf *out, const char *text)
{
    static const struct replacement table[] = {
        {'%', "%25"}, {'\r', "%0D"}, {'\n', "%0A"}, {':', "%3A"}, {',', "%2C"}, {0, NULL}};

    show_replaced(out, text, false, table);
}

void show_shell_word(struct buf *out, const char *text)
{
    static const struct replacement quote[] = {{'\'', "'\\''"}, {0, NULL}};
    struct buf clean = BUF_EMPTY;
    const char *word;

    show_line(&clean, text);
    word = buf_text(&clean);
    if (*word && !word[strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                    "0123456789_-+=.,:/@%")]) {
        buf_puts(out, word);
    } else {
        buf_putc(out, '\'');
        replaced(out, word, quote);
        buf_putc(out, '\'');
    }
    buf_release(&clean);
}

void show_number(struct buf *out, double number)
{
    double rounded = round(number * 100) / 100;
    char text[32];
    size_t n;

    if (!isfinite(rounded) || fabs(rounded) > 1e9) /* no score of ours */
        rounded = 0;
    n = (size_t)snprintf(text, sizeof text, "%.2f", rounded == 0 ? 0.0 : rounded);
    while (n > 0 && text[n - 1] == '0')
        n--;
    if (n > 0 && text[n - 1] == '.')
        n--;
    buf_append(out, text, n);
}

void show_duration(struct buf *out, double ms)
{
    if (ms >= 60000)
        buf_printf(out, "%ld min %ld s", (long)(ms / 60000), (long)(fmod(ms, 60000) / 1000));
    else if (ms >= 50)
        buf_printf(out, "%.1f s", ms / 1000);
}

size_t show_columns(const char *text)
{
    const unsigned char *s = (const unsigned char *)text;
    size_t columns = 0, left = strlen(text);

    while (left > 0) {
        uint32_t c = 0;
        size_t n = decode(s, left, &c);

        columns += n && WITHIN(combining, c) ? 0 : n && WITHIN(wide, c) ? 2 : 1;
        n = n ? n : 1;
        s += n;
        left -= n;
    }
    return columns;
}

/* Bytes of the longest head that fits, and its columns; never half a character. */
static size_t head_bytes(const char *text, size_t columns, size_t *ret_used)
{
    size_t used = 0, n = 0;

    while (text[n]) {
        char one[5] = {0};
        uint32_t c;
        size_t step = decode((const unsigned char *)text + n, strnlen(text + n, 4), &c), more;

        step = step ? step : 1;
        memcpy(one, text + n, step);
        more = show_columns(one);
        if (used + more > columns)
            break;
        used += more;
        n += step;
    }
    *ret_used = used;
    return n;
}

void show_padded(struct buf *out, const char *text, size_t columns)
{
    struct buf clean = BUF_EMPTY;
    size_t used;

    show_line(&clean, text);
    used = show_columns(buf_text(&clean));
    if (used > columns) {
        size_t dots = columns < 3 ? columns : 3;
        size_t n = head_bytes(buf_text(&clean), columns - dots, &used);

        clean.data[n] = '\0';
        clean.length = n;
        used += dots;
        repeated(&clean, '.', dots);
    }
    buf_puts(out, buf_text(&clean));
    repeated(out, ' ', columns - used);
    buf_release(&clean);
}

/* Adds a word at `column`; one that is longer than a whole line is broken. Returns the column. */
static size_t wrap_word(struct buf *out, char *word, size_t column, size_t indent, size_t width)
{
    size_t columns = show_columns(word);

    if (column > indent && column + 1 + columns > width) {
        buf_putc(out, '\n');
        repeated(out, ' ', indent);
        column = indent;
    } else if (column > indent) {
        buf_putc(out, ' ');
        column++;
    }
    while (column + columns > width && width > column + 1) {
        size_t used, n = head_bytes(word, width - column, &used);

        if (n == 0)
            break;
        buf_append(out, word, n);
        buf_putc(out, '\n');
        repeated(out, ' ', indent);
        word += n;
        column = indent;
        columns -= used;
    }
    buf_puts(out, word);
    return column + columns;
}

void show_wrapped(struct buf *out, const char *text, size_t indent, size_t width)
{
    struct buf clean = BUF_EMPTY;
    char *line, *rest, *word, *words;

    show_text(&clean, text);
    rest = clean.data;
    for (size_t i = 0; rest && (line = strsep(&rest, "\n")); i++) {
        size_t column = indent;

        if (!*line && !rest)
            break;
        if (i > 0) {
            buf_putc(out, '\n');
            repeated(out, ' ', *line ? indent : 0);
        }
        for (words = line; (word = strsep(&words, " "));)
            if (*word)
                column = wrap_word(out, word, column, indent, width);
    }
    buf_release(&clean);
}

void show_head(struct buf *out, const char *text, size_t lines, size_t bytes)
{
    size_t n = 0, seen = 0, length = text ? strlen(text) : 0, left = 0;

    while (n < length && n < bytes && seen < lines)
        seen += text[n++] == '\n';
    if (n < length && text[n - 1] != '\n') /* not in the middle of a character */
        while (n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80)
            n--;
    show_bytes(out, text, n);
    for (size_t i = n; i < length; i++)
        left += text[i] == '\n';
    if (n == length)
        return;
    left += text[length - 1] != '\n';
    if (n > 0 && text[n - 1] != '\n') {
        left--; /* the one that was cut */
        buf_puts(out, left ? "...\n" : "... (cut)");
    }
    if (left)
        buf_printf(out, "(%zu more line%s)", left, left == 1 ? "" : "s");
}
