/* SPDX-License-Identifier: MIT */
/*
 * page - what all HTML pages share: a head that lets nothing in, and the files of page/.
 *
 *     const struct page p = {.title = "ada", .styles = {page_css}, .scripts = {page_class_js}};
 *     page_begin(&p, &out);      // up to and with <body>
 *     …
 *     page_end(&p, &out);        // the script and </html>
 *
 * The content security policy names the style and the script by their hashes and forbids all else,
 * so that a text that slipped through an escape still could not run, load or send anything. Hence
 * no style attributes, no handlers and no images in the pages: bars are drawn with SVG attributes.
 */
#ifndef REPORT_PAGE_H
#define REPORT_PAGE_H

#include "base/buf.h"

#include <jansson.h>

enum { PAGE_STYLES = 3, PAGE_SCRIPTS = 2 };

struct page {
    const char *title;                 /* made visible and escaped here */
    const char *styles[PAGE_STYLES];   /* texts, one after the other; NULL: none */
    const char *scripts[PAGE_SCRIPTS]; /* the same */
};

/* Defines `symbol` as the text of a file below harness/, which the linker puts into the program as
 * it is, so that editors and linters see real files. */
#define PAGE_EMBED(symbol, path)                                              \
    __asm__(".pushsection .rodata\n"                                          \
            ".global " #symbol "\n.type " #symbol ", @object\n" #symbol ":\n" \
            ".incbin \"" path "\"\n.byte 0\n"                                 \
            ".size " #symbol ", . - " #symbol "\n.popsection\n")

/* The files of page/ as texts. page_copy_js puts a button beside each .command. */
extern const char page_css[], page_copy_js[], page_submission_css[], page_submission_js[],
    page_class_css[], page_class_js[], page_class_html[];

void page_begin(const struct page *p, struct buf *out);
void page_end(const struct page *p, struct buf *out);

/* Escaped text on one line. */
void page_line(struct buf *out, const char *text);

/* The same, with what stands between two `backticks` as <code>. */
void page_prose(struct buf *out, const char *text);

/* "<tag class="class">prose</tag>"; no class when it is NULL. */
void page_element(struct buf *out, const char *tag, const char *class, const char *text);

/* Data for a script as <script type="application/json" id="id">; no text in it can end the element.
 * Every string is made visible on the way in by its maker, see view_clean(). Drops the reference.
 */
int page_data(const char *id, json_t *data, struct buf *out, struct buf *err);

#endif
