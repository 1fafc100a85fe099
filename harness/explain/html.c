/* SPDX-License-Identifier: MIT */
/* The page around the steps: the sentence, the circle of who waits for whom, the replay line. */
#include "explain/html.h"

#include "explain/explain.h"
#include "report/page.h"
#include "report/show.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

PAGE_EMBED(page_trace_css, "explain/page/trace.css");
PAGE_EMBED(page_trace_js, "explain/page/trace.js");
extern const char page_trace_css[], page_trace_js[];

enum { FEW = 2, SOME = 4, MANY = 8 };

/* Which stop a step has a row at; false: it has none in this page. */
static bool has_stop(const struct html *h, unsigned long step)
{
    for (size_t i = 0; i < h->n_stops; i++)
        if (h->story->rows[h->stops[i]].number == step)
            return true;
    return false;
}

/* The next "step 12" in a text that has a row; NULL: none. */
static const char *find_step(const struct html *h, const char *text, unsigned long *ret_step)
{
    const char *at = text;

    while ((at = strstr(at, "step "))) {
        *ret_step = strtoul(at + 5, NULL, 10);
        if (isdigit((unsigned char)at[5]) && has_stop(h, *ret_step))
            return at;
        at += 5;
    }
    return NULL;
}

/* Prose whose steps are links to their rows. */
static void put_linked(const struct html *h, const char *text, struct buf *out)
{
    unsigned long step;
    const char *at;

    while ((at = find_step(h, text, &step))) {
        char *before = xasprintf("%.*s", (int)(at - text), text);

        page_prose(out, before);
        buf_printf(out, "<a href=\"#step=%lu\">step %lu</a>", step, step);
        free(before);
        text = at + 5 + strspn(at + 5, "0123456789");
    }
    page_prose(out, text);
}

static void put_head(const struct html *h, const struct explain_page *page, struct buf *out)
{
    buf_puts(out, "<a class=\"skip\" href=\"#steps\">Skip to the steps</a>\n<header>\n<div>"
                  "<p class=\"brand\">Interleave</p>\n<h1>");
    page_line(out, page->title);
    buf_puts(out, "</h1></div>\n</header>\n<section class=\"told\">\n<div><p class=\"happened\">");
    put_linked(h, story_sentence(h->story), out);
    buf_puts(out, "</p>\n");
    if (page->claim)
        page_element(out, "p", "claim", page->claim);
    if (h->rows.main_hidden)
        page_element(
            out, "p", "claim", "main only starts the others and waits for them: it has no column.");
    buf_puts(out, "</div>\n");
    html_ring(h, out);
    buf_puts(out, "</section>\n");
}

static void put_controls(struct buf *out)
{
    static const struct {
        const char *id, *sign, *title, *key;
    } buttons[] = {
        {"first", "&#8676;", "To the beginning", "Home"},
        {"back", "&#8592;", "One step back", "left arrow or k"},
        {"forth", "&#8594;", "One step forward", "right arrow or j"},
        {"last", "&#8677;", "To the end", "End"},
    };

    buf_puts(out, "<div class=\"controls\" hidden>\n<div class=\"buttons\">");
    for (size_t i = 0; i < sizeof(buttons) / sizeof(buttons[0]); i++)
        buf_printf(out,
            "<button type=\"button\" id=\"%s\" title=\"%s (%s)\" aria-label=\"%s\">%s</button>",
            buttons[i].id, buttons[i].title, buttons[i].key, buttons[i].title, buttons[i].sign);
    buf_puts(out, "</div>\n<p id=\"now\" role=\"status\"></p>\n</div>\n");
}

static void put_side(const struct html *h, struct buf *out)
{
    buf_puts(out, "<div class=\"right\"><aside class=\"side\" aria-label=\"How things stand\">\n");
    put_controls(out);
    buf_puts(out,
        "<div class=\"stands\" hidden>\n"
        "<section><h2>Threads</h2><ul id=\"threads\"></ul></section>\n"
        "<section><h2>Variables</h2><ul id=\"variables\"></ul></section>\n"
        "<section><h2>Locks and signals</h2><ul id=\"locks\"></ul></section>\n</div>\n</aside>\n");
    html_source(h, out);
    buf_puts(out, "</div>\n");
}

static void put_replay(const char *replay, struct buf *out)
{
    if (!replay)
        return;
    buf_puts(out, "<div class=\"command\"><span>see it again</span><code>");
    page_line(out, replay);
    buf_puts(out, "</code></div>\n");
}

static void put_foot(struct buf *out)
{
    buf_puts(out,
        "<footer><p>How to read this: time goes down, each thread has a column, and one row is one "
        "step that other threads can see. Between two rows of one thread, any other thread may "
        "have its turn.</p><p class=\"keys\"><kbd>&#8592;</kbd> <kbd>&#8594;</kbd> or "
        "<kbd>k</kbd> <kbd>j</kbd>: one step back or forward. <kbd>Home</kbd> <kbd>End</kbd>: "
        "beginning and end. <kbd>n</kbd> <kbd>p</kbd>: next or previous step that the sentence "
        "speaks of.</p></footer>\n");
}

/* Columns as classes, and how wide the numbers are: a page that lets no style attribute in cannot
 * say it otherwise. */
static void put_columns(size_t n, unsigned numbers, struct buf *out)
{
    buf_printf(out, ":root { --lanes: %zu; --digits: %d; }\n", n ? n : 1,
        numbers < 1000    ? 3
        : numbers < 10000 ? 4
                          : 5);
    for (size_t i = 0; i < n; i++)
        buf_printf(out, ".c%zu { --c: %zu; }\n", i, i + 1);
}

static const char *crowd(size_t n)
{
    return n <= FEW ? "few" : n <= SOME ? "some" : n <= MANY ? "many" : "crowd";
}

int explain_html(
    const struct story *s, const struct explain_page *page, struct buf *out, struct buf *err)
{
    struct buf columns = BUF_EMPTY, title = BUF_EMPTY;
    struct html h;
    int result;

    html_begin(&h, s);
    put_columns(h.rows.n_columns, s->n_numbers, &columns);
    buf_printf(&title, "%s: %s", page->title, story_kind(s));
    struct page p = {.title = buf_text(&title),
        .styles = {page_css, page_trace_css, buf_text(&columns)},
        .scripts = {page_trace_js, page_copy_js}};
    page_begin(&p, out);
    put_head(&h, page, out);
    buf_printf(out,
        "<main class=\"desk %s\">\n<section class=\"steps\" id=\"steps\" tabindex=\"-1\">\n",
        crowd(h.rows.n_columns));
    html_steps(&h, out);
    buf_puts(out, "</section>\n");
    put_side(&h, out);
    buf_puts(out, "</main>\n");
    put_replay(page->replay, out);
    put_foot(out);
    result = page_data("trace", html_data(&h), out, err);
    page_end(&p, out);
    html_release(&h);
    buf_release(&columns);
    buf_release(&title);
    return result;
}
