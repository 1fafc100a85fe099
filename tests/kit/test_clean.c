/* SPDX-License-Identifier: MIT */
#include "base/clean.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

struct row {
    const char *raw, *text, *line;
};

static const struct row rows[] = {
    {"plain text", "plain text", "plain text"},
    {"", "", ""},
    {"a\nb\tc\n", "a\nb\tc\n", "a\\nb\\tc\\n"},
    {"a\r\nb", "a\nb", "a\\nb"},
    {"a\rb", "a\\x0db", "a\\x0db"},
    {"\033[31mred\033]0;title\007", "\\x1b[31mred\\x1b]0;title\\x07",
        "\\x1b[31mred\\x1b]0;title\\x07"},
    {"back\bspace \x7f", "back\\x08space \\x7f", "back\\x08space \\x7f"},
    {"C1 \xc2\x9b", "C1 \\u009b", "C1 \\u009b"},
    {"bidi \xe2\x80\xae \xe2\x81\xa6", "bidi \\u202e \\u2066", "bidi \\u202e \\u2066"},
    {"zero\xe2\x80\x8bwidth", "zero\\u200bwidth", "zero\\u200bwidth"},
    {"line\xe2\x80\xa8separator", "line\\u2028separator", "line\\u2028separator"},
    {"no character \xef\xbf\xbe", "no character \\ufffe", "no character \\ufffe"},
    {"tag \xf3\xa0\x81\x81", "tag \\U000e0041", "tag \\U000e0041"},
    {"latin f\xfcr", "latin f\\xfcr", "latin f\\xfcr"},
    {"utf-8 f\xc3\xbcr \xf0\x9f\x91\x8d", "utf-8 f\xc3\xbcr \xf0\x9f\x91\x8d",
        "utf-8 f\xc3\xbcr \xf0\x9f\x91\x8d"},
    {"overlong \xc0\xaf", "overlong \\xc0\\xaf", "overlong \\xc0\\xaf"},
    {"surrogate \xed\xa0\x80", "surrogate \\xed\\xa0\\x80", "surrogate \\xed\\xa0\\x80"},
    {"too high \xf4\x90\x80\x80", "too high \\xf4\\x90\\x80\\x80", "too high \\xf4\\x90\\x80\\x80"},
    {"cut off \xe2\x82", "cut off \\xe2\\x82", "cut off \\xe2\\x82"},
    {"back\\slash", "back\\slash", "back\\slash"},
    {"<b>&amp;", "<b>&amp;", "<b>&amp;"},
};

Test(clean, what_a_terminal_would_obey_becomes_visible)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf text = BUF_EMPTY, line = BUF_EMPTY;

        clean_text(&text, rows[i].raw, strlen(rows[i].raw), 0);
        clean_line(&line, rows[i].raw, strlen(rows[i].raw), 0);
        cr_expect_str_eq(buf_text(&text), rows[i].text);
        cr_expect_str_eq(buf_text(&line), rows[i].line);
        buf_release(&text);
        buf_release(&line);
    }
}

Test(clean, nul_bytes_are_shown)
{
    struct buf b = BUF_EMPTY;

    clean_text(&b, "a\0b", 3, 0);
    cr_expect_str_eq(buf_text(&b), "a\\x00b");
    buf_release(&b);
}

Test(clean, a_cut_says_how_much_is_missing)
{
    struct buf b = BUF_EMPTY;

    clean_text(&b, "0123456789", 10, 4);
    cr_expect_str_eq(buf_text(&b), "0123\n[cut: 6 more bytes]\n");
    buf_clear(&b);
    clean_text(&b, "01\n\n456789", 10, 4);
    cr_expect_str_eq(buf_text(&b), "01\n\n[cut: 6 more bytes]\n");
    buf_clear(&b);
    clean_text(&b, "0123", 4, 4);
    cr_expect_str_eq(buf_text(&b), "0123");
    buf_clear(&b);
    clean_line(&b, "abc\033def", 7, 5);
    cr_expect_str_eq(buf_text(&b), "abc…", "an escape is not cut in the middle");
    buf_clear(&b);
    clean_line(&b, "ab\xe2\x82\xac", 5, 4);
    cr_expect_str_eq(buf_text(&b), "ab…", "nor is a character");
    buf_release(&b);
}

Test(clean, it_adds_to_what_is_there)
{
    struct buf b = BUF_EMPTY;

    buf_puts(&b, "said: ");
    clean_line(&b, "0123456789", 10, 4);
    cr_expect_str_eq(buf_text(&b), "said: 0123…");
    buf_release(&b);
}

/* Whatever comes in, what comes out is UTF-8 without control characters, and clean already. */
Test(clean, any_bytes_become_clean_and_stay_so)
{
    unsigned char bytes[64];

    srand(1);
    for (int i = 0; i < 20000; i++) {
        struct buf once = BUF_EMPTY, twice = BUF_EMPTY;
        size_t length = (size_t)rand() % sizeof bytes;

        for (size_t j = 0; j < length; j++)
            bytes[j] = (unsigned char)(rand() % 4 ? rand() : 0xe2 + rand() % 3);
        clean_line(&once, bytes, length, 0);
        clean_line(&twice, buf_text(&once), once.length, 0);
        cr_assert(clean_is_utf8(buf_text(&once), once.length, NULL));
        cr_assert_str_eq(buf_text(&once), buf_text(&twice));
        for (size_t j = 0; j < once.length; j++)
            cr_assert((unsigned char)once.data[j] >= 0x20 && once.data[j] != 0x7f);
        buf_release(&once);
        buf_release(&twice);
    }
}

Test(clean, a_megabyte_is_no_work)
{
    struct buf in = BUF_EMPTY, out = BUF_EMPTY;

    for (int i = 0; i < 100000; i++)
        buf_puts(&in, "some output\n");
    clean_text(&out, buf_text(&in), in.length, 0);
    cr_expect_eq(out.length, in.length);
    buf_release(&in);
    buf_release(&out);
}

Test(clean, the_first_byte_that_is_no_utf8_is_found)
{
    size_t at = 99;

    cr_expect_not(clean_is_utf8("abc\xff", 4, &at));
    cr_expect_eq(at, 3);
    cr_expect(clean_is_utf8("abc", 3, NULL));
}
