/* SPDX-License-Identifier: MIT */
/*
 * TAP 14. What was not run is skipped with its reason; a stub is plainly "not ok", because a TAP
 * consumer counts `# TODO` as success.
 */
#include "report/show.h"
#include "report/writers.h"

#include <stdlib.h>
#include <string.h>

enum { MESSAGE_BYTES = 4000 };

/* In a description a backslash and a # are escaped, or they would begin a directive. */
static void description(struct buf *out, const char *text)
{
    struct buf clean = BUF_EMPTY;

    show_line(&clean, text);
    for (const char *s = buf_text(&clean); *s; s++) {
        if (*s == '\\' || *s == '#')
            buf_putc(out, '\\');
        buf_putc(out, *s);
    }
    buf_release(&clean);
}

/* JSON's quoted strings are YAML's double-quoted ones. */
static void yaml(struct buf *out, const char *key, const char *text)
{
    json_t *clean = view_clean(text);
    char *quoted = json_dumps(clean, JSON_ENCODE_ANY | JSON_ENSURE_ASCII);

    if (*text && quoted)
        buf_printf(out, "  %s: %s\n", key, quoted);
    free(quoted);
    json_decref(clean);
}

static void diagnostics(const struct view_exercise *e, const struct view_check *c,
    const struct report_context *ctx, struct buf *out)
{
    struct buf path = BUF_EMPTY, head = BUF_EMPTY;
    const char *file = "";
    long line = view_place(c, &file);

    show_head(&head, *c->message ? c->message : verdict_meaning(c->verdict), 100, MESSAGE_BYTES);
    buf_puts(out, "  ---\n");
    yaml(out, "message", buf_text(&head));
    yaml(out, "verdict", verdict_name(c->verdict));
    yaml(out, "severity", c->verdict == VERDICT_HARNESS_ERROR ? "error" : "fail");
    if (line > 0) {
        view_path(ctx->prefix, e, file, &path);
        yaml(out, "file", buf_text(&path));
        buf_printf(out, "  line: %ld\n", line);
    }
    yaml(out, "schedule", view_schedule(c));
    buf_puts(out, "  ...\n");
    buf_release(&path);
    buf_release(&head);
}

static void check(size_t n, const struct view_exercise *e, const struct view_check *c,
    const struct report_context *ctx, struct buf *out)
{
    bool skipped = c->verdict == VERDICT_NOT_RUN;

    buf_printf(out, "%sok %zu - ", skipped || c->verdict == VERDICT_PASS ? "" : "not ", n);
    description(out, e->id);
    buf_puts(out, ": ");
    description(out, c->title);
    buf_puts(out, " (");
    description(out, c->tool);
    buf_putc(out, ')');
    if (skipped) {
        buf_puts(out, " # SKIP ");
        description(out, *c->message ? c->message : verdict_meaning(c->verdict));
    } else if (c->duration_ms > 0) {
        buf_printf(out, " # time=%.0fms", c->duration_ms);
    }
    buf_putc(out, '\n');
    if (!skipped && c->verdict != VERDICT_PASS)
        diagnostics(e, c, ctx, out);
}

int report_tap(
    const json_t *result, const struct report_context *ctx, struct buf *out, struct buf *err)
{
    struct view_result r = view_result(result);
    size_t n = 0;

    (void)err;
    buf_puts(out, "TAP version 14\n");
    if (*r.error) {
        buf_puts(out, "Bail out! ");
        description(out, r.error);
        buf_putc(out, '\n');
        return 0;
    }
    buf_printf(out, "1..%zu\n", r.n_checks);
    for (size_t i = 0; i < r.n_exercises; i++) {
        struct view_exercise e = view_exercise_at(&r, i);

        for (size_t k = 0; k < e.n_checks; k++) {
            struct view_check c = view_check_at(&e, k);

            check(++n, &e, &c, ctx, out);
        }
    }
    return 0;
}
