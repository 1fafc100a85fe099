/* SPDX-License-Identifier: MIT */
#include "base/clean.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* Reads one character at `at`: its code and how many bytes it has. False when the first byte does
 * not begin a well-formed sequence (RFC 3629: no surrogates, nothing overlong). */
static bool read_character(
    const unsigned char *at, size_t left, uint32_t *ret_code, size_t *ret_bytes)
{
    static const struct {
        unsigned char mask, lead;
        uint32_t least;
    } forms[] = {{0x80, 0x00, 0}, {0xe0, 0xc0, 0x80}, {0xf0, 0xe0, 0x800}, {0xf8, 0xf0, 0x10000}};

    for (size_t extra = 0; extra < sizeof forms / sizeof *forms; extra++) {
        if ((at[0] & forms[extra].mask) != forms[extra].lead)
            continue;
        if (left <= extra)
            return false;
        uint32_t code = at[0] & (unsigned char)~forms[extra].mask;
        for (size_t i = 1; i <= extra; i++) {
            if ((at[i] & 0xc0) != 0x80)
                return false;
            code = code << 6 | (at[i] & 0x3f);
        }
        if (code < forms[extra].least || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
            return false;
        *ret_code = code;
        *ret_bytes = extra + 1;
        return true;
    }
    return false;
}

/* What may not be shown as it is: it steers the terminal, turns the direction of reading, is
 * invisible, or may not stand in XML 1.0. Sorted. Joiners (200c, 200d) stay: scripts and emoji
 * need them. */
static bool is_escaped(uint32_t code)
{
    static const struct {
        uint32_t first, last;
    } ranges[] = {
        {0x00, 0x1f},
        {0x7f, 0x9f},
        {0xad, 0xad},
        {0x61c, 0x61c},
        {0x115f, 0x1160},
        {0x180e, 0x180e},
        {0x200b, 0x200b},
        {0x200e, 0x200f},
        {0x2028, 0x202e},
        {0x2060, 0x206f},
        {0x3164, 0x3164},
        {0xfdd0, 0xfdef},
        {0xfeff, 0xfeff},
        {0xfff0, 0xfffb},
        {0xfffe, 0xffff},
        {0xe0000, 0xe0fff},
    };

    if ((code & 0xfffe) == 0xfffe)
        return true;
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges && code >= ranges[i].first; i++)
        if (code <= ranges[i].last)
            return true;
    return false;
}

/* Writes the visible form of one character, or of one byte that is none, to `ret`, and returns how
 * many bytes of the input that was. */
static size_t show(const unsigned char *at, size_t left, bool one_line, char ret[16])
{
    uint32_t code;
    size_t bytes;

    if (!read_character(at, left, &code, &bytes)) {
        snprintf(ret, 16, "\\x%02x", at[0]);
        return 1;
    }
    bool line_end_of_two = code == '\r' && left > 1 && at[1] == '\n';

    if (code == '\n' || line_end_of_two)
        snprintf(ret, 16, "%s", one_line ? "\\n" : "\n");
    else if (code == '\t')
        snprintf(ret, 16, "%s", one_line ? "\\t" : "\t");
    else if (!is_escaped(code))
        snprintf(ret, 16, "%.*s", (int)bytes, (const char *)at);
    else
        snprintf(ret, 16, code < 0x80 ? "\\x%02x" : code <= 0xffff ? "\\u%04x" : "\\U%08x", code);
    return bytes + line_end_of_two;
}

/* How many bytes from here on are printable ASCII: the short way through ordinary text. */
static size_t plain_run(const unsigned char *at, size_t left)
{
    size_t run = 0;

    while (run < left && at[run] >= 0x20 && at[run] < 0x7f)
        run++;
    return run;
}

static void end_early(struct buf *out, size_t left, bool one_line, bool fresh_line)
{
    if (one_line)
        buf_puts(out, "…");
    else
        buf_printf(out, "%s[cut: %zu more bytes]\n", fresh_line ? "" : "\n", left);
}

static void clean(struct buf *out, const void *bytes, size_t length, size_t most, bool one_line)
{
    const unsigned char *at = bytes, *end = at + length;
    size_t start = out->length;
    char shown[16];

    while (at < end) {
        size_t room = most > 0 ? most - (out->length - start) : SIZE_MAX;
        size_t run = plain_run(at, (size_t)(end - at) < room ? (size_t)(end - at) : room);

        buf_append(out, at, run);
        at += run;
        room -= run;
        if (at == end)
            break;
        size_t used = show(at, (size_t)(end - at), one_line, shown);
        if (strlen(shown) > room) {
            bool fresh_line = out->length == start || out->data[out->length - 1] == '\n';
            end_early(out, (size_t)(end - at), one_line, fresh_line);
            return;
        }
        buf_puts(out, shown);
        at += used;
    }
}

void clean_text(struct buf *out, const void *bytes, size_t length, size_t most)
{
    clean(out, bytes, length, most, false);
}

void clean_line(struct buf *out, const void *bytes, size_t length, size_t most)
{
    clean(out, bytes, length, most, true);
}

char *clean_name(const char *text, size_t most)
{
    struct buf out = BUF_EMPTY;

    clean_line(&out, text, strlen(text), most);
    buf_puts(&out, "");
    return buf_detach(&out);
}

bool clean_is_utf8(const void *bytes, size_t length, size_t *ret_offset)
{
    const unsigned char *at = bytes;
    uint32_t code;
    size_t width;

    for (size_t i = 0; i < length; i += width)
        if (!read_character(at + i, length - i, &code, &width)) {
            if (ret_offset != NULL)
                *ret_offset = i;
            return false;
        }
    return true;
}
