/* SPDX-License-Identifier: MIT */
/* The files that the steps are in, with line numbers; far from any step they are cut. */
#include "explain/html.h"

#include "report/page.h"
#include "report/show.h"

#include <stdlib.h>
#include <string.h>

enum { WHOLE = 400, AROUND = 12, LINES_MOST = 4000 };

/* Lines of one file that a step is in, or where a task waits. */
static bool *used_lines(const struct html *h, const char *file, int count)
{
    bool *used = xcalloc((size_t)count + 1, sizeof(*used));

    for (size_t i = 0; i < h->rows.n_items; i++) {
        const struct row *row = &h->story->rows[h->rows.items[i].row];

        if (row->file && !strcmp(row->file, file) && row->line >= 1 && row->line <= count)
            used[row->line] = true;
    }
    return used;
}

static bool is_near(const bool *used, int line, int count)
{
    for (int i = line - AROUND; count > WHOLE && i <= line + AROUND; i++)
        if (i >= 1 && i <= count && used[i])
            return true;
    return count <= WHOLE;
}

static bool any(const bool *used, int count)
{
    for (int i = 1; i <= count; i++)
        if (used[i])
            return true;
    return false;
}

static void put_line(size_t file, int number, const char *text, bool used, struct buf *out)
{
    buf_printf(out, "<span class=\"line%s\" id=\"f%zul%d\"><i></i><b>%d</b>", used ? " used" : "",
        file, number, number);
    show_xml(out, text);
    buf_puts(out, "\n</span>");
}

static void put_lines(const struct sources *s, size_t index, const char *file, const bool *used,
    int count, struct buf *out)
{
    int last = 0, shown = 0;

    for (int i = 1; i <= count && shown < LINES_MOST; i++) {
        if (!is_near(used, i, count))
            continue;
        if (i != last + 1)
            buf_puts(out, "<span class=\"gap\">&#8943;\n</span>");
        put_line(index, i, sources_raw(s, file, i), used[i], out);
        last = i;
        shown++;
    }
}

void html_source(const struct html *h, struct buf *out)
{
    const struct sources *s = names_sources(h->story->names);

    for (size_t i = 0; i < sources_files(s); i++) {
        const char *file = sources_name(s, i);
        int count = sources_count(s, file);
        bool *used = used_lines(h, file, count);

        if (any(used, count)) {
            buf_puts(out, "<figure class=\"source\" data-file=\"");
            page_line(out, file);
            buf_puts(out, "\"><figcaption>");
            page_line(out, file);
            buf_puts(out, "</figcaption><pre tabindex=\"0\">");
            put_lines(s, i, file, used, count, out);
            buf_puts(out, "</pre></figure>\n");
        }
        free(used);
    }
}
