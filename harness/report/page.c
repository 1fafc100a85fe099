/* SPDX-License-Identifier: MIT */
#include "report/page.h"

#include "report/show.h"

#include <sha2.h>
#include <stdint.h>
#include <string.h>

PAGE_EMBED(page_css, "report/page/page.css");
PAGE_EMBED(page_copy_js, "report/page/copy.js");
PAGE_EMBED(page_submission_css, "report/page/submission.css");
PAGE_EMBED(page_submission_js, "report/page/submission.js");
PAGE_EMBED(page_class_css, "report/page/class.css");
PAGE_EMBED(page_class_js, "report/page/class.js");
PAGE_EMBED(page_class_html, "report/page/class.html");

static void base64(const uint8_t *bytes, size_t length, struct buf *out)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    for (size_t i = 0; i < length; i += 3) {
        uint32_t group = (uint32_t)bytes[i] << 16;
        size_t have = length - i < 3 ? length - i : 3;

        if (have > 1)
            group |= (uint32_t)bytes[i + 1] << 8;
        if (have > 2)
            group |= bytes[i + 2];
        for (size_t k = 0; k < 4; k++)
            buf_putc(out, k <= have ? digits[group >> (18 - 6 * k) & 63] : '=');
    }
}

/* 'sha256-…' of what stands between the tags, byte for byte. */
static void policy_hash(const char *const *texts, size_t n, struct buf *out)
{
    SHA2_CTX context;
    uint8_t digest[SHA256_DIGEST_LENGTH];

    SHA256Init(&context);
    for (size_t i = 0; i < n; i++)
        if (texts[i])
            SHA256Update(&context, (const uint8_t *)texts[i], strlen(texts[i]));
    SHA256Final(digest, &context);
    buf_puts(out, "'sha256-");
    base64(digest, sizeof digest, out);
    buf_putc(out, '\'');
}

static void put_texts(const char *const *texts, size_t n, struct buf *out)
{
    for (size_t i = 0; i < n; i++)
        if (texts[i])
            buf_puts(out, texts[i]);
}

void page_begin(const struct page *p, struct buf *out)
{
    buf_puts(out, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                  "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                  "style-src ");
    policy_hash(p->styles, PAGE_STYLES, out);
    buf_puts(out, "; script-src ");
    policy_hash(p->scripts, PAGE_SCRIPTS, out);
    buf_puts(out, "; base-uri 'none'; form-action 'none'\">\n"
                  "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                  "<meta name=\"referrer\" content=\"no-referrer\">\n"
                  "<meta name=\"color-scheme\" content=\"light dark\">\n<title>");
    page_line(out, p->title);
    buf_puts(out, "</title>\n<style>");
    put_texts(p->styles, PAGE_STYLES, out);
    buf_puts(out, "</style>\n</head>\n<body>\n");
}

void page_end(const struct page *p, struct buf *out)
{
    buf_puts(out, "<script>");
    put_texts(p->scripts, PAGE_SCRIPTS, out);
    buf_puts(out, "</script>\n</body>\n</html>\n");
}

void page_line(struct buf *out, const char *text)
{
    struct buf line = BUF_EMPTY;

    show_line(&line, text);
    show_xml(out, buf_text(&line));
    buf_release(&line);
}

void page_prose(struct buf *out, const char *text)
{
    struct buf line = BUF_EMPTY;
    char *rest, *part, *end;

    show_line(&line, text);
    for (rest = line.data; rest && (part = strchr(rest, '`')) && (end = strchr(part + 1, '`'));
         rest = end + 1) {
        *part = *end = '\0';
        show_xml(out, rest);
        buf_puts(out, part + 1 < end ? "<code>" : "``");
        show_xml(out, part + 1);
        buf_puts(out, part + 1 < end ? "</code>" : "");
    }
    show_xml(out, rest);
    buf_release(&line);
}

void page_element(struct buf *out, const char *tag, const char *class, const char *text)
{
    if (class)
        buf_printf(out, "<%s class=\"%s\">", tag, class);
    else
        buf_printf(out, "<%s>", tag);
    page_prose(out, text);
    buf_printf(out, "</%s>", tag);
}

/* In JSON a "<" can only stand in a string, and there \u003c is the same character. The other two
 * are line ends in old JavaScript only, but cost nothing here: show.h has made them visible. */
static int add_escaped(const char *bytes, size_t length, void *out)
{
    for (size_t i = 0; i < length; i++)
        if (bytes[i] == '<')
            buf_puts(out, "\\u003c");
        else
            buf_putc(out, bytes[i]);
    return 0;
}

int page_data(const char *id, json_t *data, struct buf *out, struct buf *err)
{
    int status;

    buf_printf(out, "<script type=\"application/json\" id=\"%s\">", id);
    status = json_dump_callback(data, add_escaped, out, JSON_COMPACT | JSON_REAL_PRECISION(9));
    json_decref(data);
    buf_puts(out, "</script>\n");
    return status < 0 ? fail(err, "The page's data could not be written as JSON; this is a fault "
                                  "of the kit.")
                      : 0;
}
