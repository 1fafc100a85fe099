/* SPDX-License-Identifier: MIT */
/*
 * The story of one failed check: what was promised, what happened, where, what was seen, and the
 * commands that show it again. Read by people in their first week of threads.
 */
#include "report/text.h"

#include "report/show.h"
#include "report/source.h"

#include <string.h>

enum {
    LABEL = 14,         /* columns of "  happened    " */
    MESSAGE_LINES = 24, /* of a compiler's message, unless verbose */
    MESSAGE_BYTES = 2048,
    FINDING_LINES = 40, /* one interleaving fits */
    MOST_FINDINGS = 2,  /* unless verbose */
    MOST_OUTCOMES = 5,
    MOST_BYTES = 16384,
};

static void label(const struct report_context *ctx, const char *name, struct buf *out)
{
    text_style(ctx, STYLE_DIM, out);
    buf_printf(out, "  %-*s", LABEL - 2, name);
    text_style(ctx, STYLE_PLAIN, out);
}

static void paragraph(
    const struct report_context *ctx, const char *name, const char *text, struct buf *out)
{
    if (!*text)
        return;
    label(ctx, name, out);
    show_wrapped(out, text, LABEL, (size_t)ctx->width);
    buf_putc(out, '\n');
}

/* Lines of columns, or of a compiler's excerpt, stand as they are. */
static bool laid_out(const char *line)
{
    return *line == ' ' || *line == '>';
}

/* … and are indented when all of them leave room for it. */
static size_t block_indent(const char *text, size_t width)
{
    struct buf line = BUF_EMPTY;
    size_t indent = 4;

    for (const char *end; *text; text = *end ? end + 1 : end) {
        end = text + strcspn(text, "\n");
        buf_clear(&line);
        buf_append(&line, text, (size_t)(end - text));
        if (laid_out(text) && show_columns(buf_text(&line)) + indent > width)
            indent = 0;
    }
    buf_release(&line);
    return indent;
}

/* Text that was laid out by somebody else: a compiler's message, an interleaving in columns. */
static void block(
    const struct report_context *ctx, const char *text, size_t most_lines, struct buf *out)
{
    struct buf head = BUF_EMPTY;
    size_t indent;
    char *line, *rest;

    show_head(&head, text, ctx->verbose ? (size_t)-1 : most_lines,
        ctx->verbose ? (size_t)-1 : MOST_BYTES);
    indent = block_indent(buf_text(&head), (size_t)ctx->width);
    rest = head.data;
    while (rest && (line = strsep(&rest, "\n"))) {
        if (!*line && !rest)
            break;
        buf_printf(out, "%*s", *line ? (int)indent : 0, "");
        if (laid_out(line))
            buf_puts(out, line);
        else
            show_wrapped(out, line, indent, (size_t)ctx->width);
        buf_putc(out, '\n');
    }
    buf_release(&head);
}

static bool one_line(const char *text)
{
    const char *end = strchr(text, '\n');

    return !end || !end[1];
}

static void message(const struct report_context *ctx, const char *text, struct buf *out)
{
    if (one_line(text)) {
        struct buf head = BUF_EMPTY;

        show_head(&head, text, 1, ctx->verbose ? MOST_BYTES : MESSAGE_BYTES);
        paragraph(ctx, "happened", buf_text(&head), out);
        buf_release(&head);
        return;
    }
    text_style(ctx, STYLE_DIM, out);
    buf_puts(out, "  happened\n");
    text_style(ctx, STYLE_PLAIN, out);
    block(ctx, text, MESSAGE_LINES, out);
}

struct excerpt {
    const struct report_context *ctx;
    struct buf *out;
};

static void excerpt_line(void *data, size_t number, const char *text, bool marked, bool gap)
{
    const struct excerpt *x = data;
    size_t indent = strspn(text, " ");
    size_t room = (size_t)x->ctx->width - 12;
    struct buf cut = BUF_EMPTY;

    show_padded(&cut, text, show_columns(text) < room ? show_columns(text) : room);
    if (gap)
        buf_puts(x->out, "         ...\n");
    if (marked)
        text_style(x->ctx, STYLE_BAD, x->out);
    buf_printf(x->out, "  %c %5zu |%s%s\n", marked ? '>' : ' ', number, cut.length ? " " : "",
        buf_text(&cut));
    if (marked && indent < room && text[indent]) {
        size_t length = show_columns(buf_text(&cut)) - indent;

        buf_printf(x->out, "          | %*s^", (int)indent, "");
        while (length-- > 1)
            buf_putc(x->out, '~');
        buf_putc(x->out, '\n');
    }
    if (marked)
        text_style(x->ctx, STYLE_PLAIN, x->out);
    buf_release(&cut);
}

static void where(const struct view_exercise *e, const struct view_check *c,
    const struct report_context *ctx, struct buf *out)
{
    const char *file = "";
    long line = view_place(c, &file);
    struct source source = SOURCE_EMPTY;
    struct source_places places;
    struct excerpt x = {ctx, out};
    struct buf place = BUF_EMPTY;

    if (line == 0)
        return;
    buf_printf(&place, "%s, line %ld", file, line);
    paragraph(ctx, "where", buf_text(&place), out);
    buf_release(&place);
    source_places(c, file, &places);
    if (source_open(&source, ctx->files, e, file)) {
        buf_putc(out, '\n');
        if (source_excerpt(&source, &places, excerpt_line, &x))
            buf_putc(out, '\n');
    }
    source_release(&source);
}

/* `said` is what "happened" told already. */
static void finding(
    const struct report_context *ctx, const json_t *f, const char *said, struct buf *out)
{
    const char *text = strstr(said, view_text(f, "text")) ? "" : view_text(f, "text");
    const char *file = view_text(f, "file");
    struct buf head = BUF_EMPTY;

    show_line(&head, view_text(f, "kind"));
    if (*file) {
        buf_puts(&head, head.length ? " at " : "at ");
        show_line(&head, file);
        if (view_number(f, "line") >= 1)
            buf_printf(&head, ":%ld", (long)view_number(f, "line"));
    }
    if (one_line(text) && *text)
        buf_printf(&head, "%s%s", head.length ? ": " : "", text);
    paragraph(ctx, "seen", buf_text(&head), out);
    if (!one_line(text)) {
        buf_putc(out, '\n');
        block(ctx, text, FINDING_LINES, out);
        buf_putc(out, '\n');
    }
    buf_release(&head);
}

/* Nothing new: the sentence stands under "happened" and the place under "where". */
bool text_said(const struct view_check *c, const json_t *finding)
{
    const char *file = "";
    long line = view_place(c, &file);

    return strstr(c->message, view_text(finding, "text")) &&
           line == (long)view_number(finding, "line") && !strcmp(file, view_text(finding, "file"));
}

static void findings(const struct view_check *c, const struct report_context *ctx, struct buf *out)
{
    json_t *all = view_findings(c);
    size_t n = json_array_size(all), most = ctx->verbose ? n : MOST_FINDINGS;

    for (size_t i = 0; i < n && i < most; i++)
        if (!text_said(c, json_array_get(all, i)))
            finding(ctx, json_array_get(all, i), c->message, out);
    if (n > most) {
        struct buf more = BUF_EMPTY;

        buf_printf(&more, "%zu more like these (--verbose shows all)", n - most);
        paragraph(ctx, "", buf_text(&more), out);
        buf_release(&more);
    }
    json_decref(all);
}

/* Facts that are the same everywhere tell nothing apart. */
static bool facts(const json_t *outcomes, const json_t *o, struct buf *text)
{
    const char *key;
    json_t *fact;
    bool any = false;

    json_object_foreach (json_object_get(o, "facts"), key, fact) {
        const char *value = json_string_value(fact);

        if (view_fact_is_common(outcomes, key, fact))
            continue;
        buf_printf(text, "%s %s=%.60s", any ? "," : "", key, value ? value : "?");
        any = true;
    }
    return any;
}

static void outcome(const struct report_context *ctx, const json_t *outcomes, const json_t *o,
    double total, bool first, struct buf *out)
{
    struct buf text = BUF_EMPTY;
    const char *ended = view_text(o, "ended"), *sentence = view_text(o, "text");
    bool any;

    buf_printf(&text, "%.0f of %.0f:", view_number(o, "count"), total);
    any = facts(outcomes, o, &text);
    if (!any || (*ended && strcmp(ended, "ok") != 0))
        buf_printf(&text, "%s ended with %s", any ? "," : "", *ended ? ended : "ok");
    if (*sentence && one_line(sentence) && strcmp(ended, "race") != 0 &&
        !view_text_is_common(outcomes, sentence))
        buf_printf(&text, ": %s", sentence);
    if (view_failed(o))
        buf_puts(&text, "   <- breaks the promise");
    label(ctx, first ? "schedules" : "", out);
    show_wrapped(out, buf_text(&text), LABEL + 2, (size_t)ctx->width);
    buf_putc(out, '\n');
    buf_release(&text);
}

/* Only where there is a set of them: one outcome is what the message already says. */
static void outcomes(const struct view_check *c, const struct report_context *ctx, struct buf *out)
{
    size_t n = json_array_size(c->outcomes), most = ctx->verbose ? n : MOST_OUTCOMES;
    double total = view_interleavings(c);

    if (strcmp(c->tool, "explore") != 0) /* elsewhere there are runs, not schedules */
        return;
    if (total <= 1)
        return;
    for (size_t i = 0; i < n && i < most; i++)
        outcome(ctx, c->outcomes, json_array_get(c->outcomes, i), total, i == 0, out);
    if (n > most) {
        label(ctx, "", out);
        buf_printf(out, "and %zu other ends\n", n - most);
    }
}

/* "lab", "build/lab": the program as who wrote the result knew it, not as this reader does. */
static bool is_program(const char *word, size_t length)
{
    return (length == 3 || (length > 3 && word[length - 4] == '/')) &&
           !strncmp(word + length - 3, "lab", 3);
}

void text_repeat_command(const struct view_exercise *e, const struct view_check *c,
    const struct report_context *ctx, struct buf *out)
{
    const char *lab = ctx->lab ? ctx->lab : "lab";
    const char *arguments = strchr(c->repeat, ' ');

    if (arguments && is_program(c->repeat, (size_t)(arguments - c->repeat))) {
        buf_puts(out, lab);
        show_line(out, arguments);
        return;
    }
    if (*c->repeat) {
        show_line(out, c->repeat);
        return;
    }
    buf_printf(out, "%s check ", lab);
    show_shell_word(out, e->id);
    if (*c->tool) {
        buf_puts(out, " --tool ");
        show_shell_word(out, c->tool);
    }
}

static void commands(const struct view_exercise *e, const struct view_check *c,
    const struct report_context *ctx, struct buf *out)
{
    const char *schedule = view_schedule(c);

    if (*schedule) { /* never wrapped: a command is copied as a whole */
        label(ctx, "replay it", out);
        buf_printf(out, "%s replay ", ctx->lab ? ctx->lab : "lab");
        show_shell_word(out, e->id);
        buf_putc(out, ' ');
        show_shell_word(out, schedule);
        buf_putc(out, '\n');
    }
    label(ctx, "check it", out);
    text_repeat_command(e, c, ctx, out);
    buf_putc(out, '\n');
}

static void heading(const struct view_check *c, const struct report_context *ctx, struct buf *out)
{
    struct buf right = BUF_EMPTY;
    size_t left = strlen(verdict_name(c->verdict)), used;

    buf_puts(&right, " under ");
    show_line(&right, *c->tool ? c->tool : "no tool");
    text_style(ctx, text_verdict_style(c->verdict), out);
    buf_puts(out, verdict_name(c->verdict));
    text_style(ctx, STYLE_PLAIN, out);
    buf_puts(out, buf_text(&right));
    used = left + show_columns(buf_text(&right));
    buf_clear(&right);
    if (c->verdict == VERDICT_HARNESS_ERROR) {
        buf_puts(&right, "not graded");
    } else {
        show_number(&right, c->score);
        buf_puts(&right, " of ");
        show_number(&right, c->max_score);
        buf_puts(&right, c->max_score == 1 ? " point" : " points");
    }
    if (used + right.length + 1 < (size_t)ctx->width)
        buf_printf(out, "%*s", (int)((size_t)ctx->width - used - right.length), "");
    else
        buf_putc(out, ' ');
    buf_printf(out, "%s\n", buf_text(&right));
    buf_release(&right);
}

void text_check(const struct view_exercise *e, const struct view_check *c,
    const struct report_context *ctx, struct buf *out)
{
    const char *note;

    heading(c, ctx, out);
    paragraph(ctx, "promised", c->title, out);
    message(ctx, *c->message ? c->message : verdict_meaning(c->verdict), out);
    where(e, c, ctx, out);
    findings(c, ctx, out);
    outcomes(c, ctx, out);
    for (size_t i = 0; (note = view_note(c, i)); i++)
        if (!strstr(c->message, note))
            paragraph(ctx, "note", note, out);
    if (*c->message)
        paragraph(ctx, "means", verdict_meaning(c->verdict), out);
    commands(e, c, ctx, out);
}
