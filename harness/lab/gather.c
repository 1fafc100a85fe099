/* SPDX-License-Identifier: MIT */
#include "lab/gather.h"

#include "base/io.h"
#include "lab/command.h"
#include "report/class.h"
#include "report/report.h"

#include <stdlib.h>
#include <string.h>

static int write_file(const char *directory, const char *name, struct buf *text, struct buf *err)
{
    char *path = io_path(directory, name);
    int status = io_write_file(path, buf_text(text), text->length, err);

    buf_clear(text);
    free(path);
    return status;
}

static int write_page(const json_t *result, const char *students, struct buf *err)
{
    const struct report_context ctx = REPORT_CONTEXT_DEFAULT;
    const char *submission = json_string_value(json_object_get(result, "submission"));
    struct buf name = BUF_EMPTY, text = BUF_EMPTY;
    int status;

    report_page_name(submission, ".html", &name);
    status = report_find("html")->write(result, &ctx, &text, err);
    status = status ? status : write_file(students, buf_text(&name), &text, err);
    buf_release(&name);
    buf_release(&text);
    return status;
}

/* Adds one result and writes its page. 1 when the file holds none. */
static int take(struct report_class *all, const char *file, const char *students, struct buf *err)
{
    struct buf why = BUF_EMPTY;
    json_error_t error = {.text = ""};
    json_t *result = json_load_file(file, 0, &error);
    int status = 1;

    if (!result)
        complain(STATUS_OK, "%s is left out: %s", file, error.text);
    else if (report_class_add(all, result, &why))
        complain(STATUS_OK, "%s is left out: %s", file, buf_text(&why));
    else
        status = write_page(result, students, err);
    json_decref(result);
    buf_release(&why);
    return status;
}

static int write_class(const struct report_class *all, const char *out, struct buf *err)
{
    const struct report_class_options options = {.title = io_base_name(out), .pages = "students"};
    struct buf text = BUF_EMPTY;
    int status = report_class_csv(all, &text, err) || write_file(out, "grades.csv", &text, err) ||
                 report_class_summary(all, &text, err) ||
                 write_file(out, "summary.json", &text, err) ||
                 report_class_html(all, &options, &text, err) ||
                 write_file(out, "index.html", &text, err);

    buf_release(&text);
    return status ? -1 : 0;
}

int gather(char *const *files, size_t count, const char *out, struct buf *err)
{
    struct report_class *all = report_class_new();
    char *students = io_path(out, "students");
    int left_out = 0, status = io_make_directories(students, err);

    for (size_t i = 0; i < count && status >= 0; i++) {
        status = take(all, files[i], students, err);
        left_out += status == 1;
    }
    if (status >= 0)
        status = write_class(all, out, err);
    report_class_free(all);
    free(students);
    return status < 0 ? -1 : left_out;
}
