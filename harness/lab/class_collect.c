/* SPDX-License-Identifier: MIT */
#include "lab/class_collect.h"

#include "base/io.h"
#include "report/class.h"
#include "report/show.h"

#include <stdlib.h>
#include <string.h>

enum { LINE_COLUMNS = 76, NAME_COLUMNS = 40, REASON_COLUMNS = 150 };

/* The first thing in a result that says why it is not complete. */
static const char *reason_of(const json_t *result)
{
    const char *error = json_string_value(json_object_get(result, "error"));
    json_t *exercise, *row;
    size_t i, j;

    json_array_foreach (json_object_get(result, "exercises"), i, exercise)
        json_array_foreach (json_object_get(exercise, "checks"), j, row) {
            const char *verdict = json_string_value(json_object_get(row, "verdict"));

            if (!error && verdict && !strcmp(verdict, "HARNESS_ERROR"))
                error = json_string_value(json_object_get(row, "message"));
        }
    return error ? error : "its page says why";
}

/* No check of any exercise was begun. */
static bool is_empty(const json_t *result)
{
    json_t *exercise, *row;
    size_t i, j;

    json_array_foreach (json_object_get(result, "exercises"), i, exercise)
        json_array_foreach (json_object_get(exercise, "checks"), j, row) {
            const char *verdict = json_string_value(json_object_get(row, "verdict"));

            if (!verdict || strcmp(verdict, "NOT_RUN"))
                return false;
        }
    return true;
}

static void add_short(struct buf *b, const char *text, size_t columns)
{
    if (show_columns(text) > columns)
        show_padded(b, text, columns);
    else
        buf_puts(b, text);
}

/* One more submission to name on the screen, if there are not too many. */
static void note(size_t *count, struct buf *lines, const char *name, const char *reason)
{
    struct buf text = BUF_EMPTY, line = BUF_EMPTY;

    if (++*count > COLLECT_SHOWN)
        return;
    add_short(&text, name, NAME_COLUMNS);
    buf_puts(&text, ": ");
    add_short(&text, reason, REASON_COLUMNS);
    show_wrapped(&line, buf_text(&text), 4, LINE_COLUMNS);
    buf_printf(lines, "  %s\n", buf_text(&line));
    buf_release(&text);
    buf_release(&line);
}

/* What was odd about an empty one: a wrong name, a link. */
static const char *first_message(const json_t *result)
{
    const char *message = json_string_value(json_array_get(json_object_get(result, "messages"), 0));

    return message ? message : "no file of any exercise is in it.";
}

static void read_results(const struct class_out *out, const struct entries *entries,
    struct report_class *all, struct class_summary *summary)
{
    struct buf text = BUF_EMPTY;

    for (size_t i = 0; i < entries->count; i++) {
        const struct entry *e = &entries->items[i];
        char *path = class_out_result(out, e->name);
        json_t *result = NULL;

        if (!io_read_file(path, 0, &text, NULL)) /* a third of json_load_file()'s time */
            result = json_loadb(buf_text(&text), text.length, 0, NULL);

        if (!result || report_class_add(all, result, NULL))
            summary->missing += e->chosen;
        else if (!json_is_true(json_object_get(result, "complete")))
            note(&summary->incomplete, &summary->ungraded, e->name, reason_of(result));
        else if (is_empty(result))
            note(&summary->empty, &summary->nothing, e->name, first_message(result));
        json_decref(result);
        free(path);
    }
    buf_release(&text);
}

static int write_text(
    const struct class_out *out, const char *name, struct buf *text, struct buf *err)
{
    char *path = io_path(out->directory, name);
    int status = io_write_file(path, buf_text(text), text->length, err);

    buf_clear(text);
    free(path);
    return status;
}

int class_collect(const struct class_out *out, const struct entries *entries, const char *title,
    struct class_summary *summary, struct buf *err)
{
    const struct report_class_options options = {.title = title, .pages = "students"};
    struct report_class *all = report_class_new();
    struct buf text = BUF_EMPTY;
    int status;

    read_results(out, entries, all, summary);
    status = report_class_csv(all, &text, err) || write_text(out, "grades.csv", &text, err) ||
             report_class_summary(all, &text, err) || write_text(out, "summary.json", &text, err) ||
             report_class_html(all, &options, &text, err) ||
             write_text(out, "index.html", &text, err);
    buf_release(&text);
    report_class_free(all);
    return status ? -1 : 0;
}
