/* SPDX-License-Identifier: MIT */
#include "lab/publish.h"

#include "lab/check.h"
#include "lab/command.h"
#include "report/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* Classroom 50's runner tells a grader these; the writer names the ones that it misses. */
static const struct {
    const char *field, *variable, *instead; /* another variable that may stand in */
} classroom[] = {
    {"classroom", "CLASSROOM", NULL},
    {"assignment", "ASSIGNMENT", NULL},
    {"assignment_type", "ASSIGNMENT_TYPE", NULL},
    {"owner", "OWNER", "USERNAME"},
    {"submission", "SUBMISSION_TAG", NULL},
    {"commit", "COMMIT_URL", NULL},
    {"release", "RELEASE_URL", NULL},
    {"review", "REVIEW_URL", NULL},
};

static const char *variable(const char *name)
{
    const char *value = name ? getenv(name) : NULL;

    return value && *value ? value : NULL;
}

static json_t *classroom_fields(void)
{
    json_t *fields = json_object();

    for (size_t i = 0; i < sizeof(classroom) / sizeof(classroom[0]); i++) {
        const char *value = variable(classroom[i].variable);

        if (!value)
            value = variable(classroom[i].instead);
        if (value)
            json_object_set_new(fields, classroom[i].field, json_string(value));
    }
    return fields;
}

/* https://reproducible-builds.org/specs/source-date-epoch/ */
static void print_now(char *text, size_t size)
{
    const char *fixed = variable("SOURCE_DATE_EPOCH");
    time_t t = fixed ? (time_t)strtoll(fixed, NULL, 10) : time(NULL);
    struct tm tm = {0};

    strftime(text, size, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&t, &tm) ? &tm : &(struct tm){0});
}

/* A summary that cannot be written is no reason to lose the grade. */
static void append_summary(const char *path, const struct buf *summary)
{
    FILE *f;

    if (!summary->length)
        return;
    f = fopen(path, "ae");
    if (!f || fputs(buf_text(summary), f) == EOF)
        complain(STATUS_OK, "Cannot write the job summary %s.", path);
    if (f)
        fclose(f);
}

bool publish_can(const char *format)
{
    if (!format || report_find(format))
        return true;
    complain(STATUS_USAGE, "There is no format `%s`. `lab grade --help` lists them.", format);
    return false;
}

int publish(const json_t *result, const struct publish_spec *spec)
{
    struct report_context ctx = REPORT_CONTEXT_DEFAULT;
    struct buf out = BUF_EMPTY, err = BUF_EMPTY, summary = BUF_EMPTY;
    const char *step_summary = variable("GITHUB_STEP_SUMMARY");
    json_t *extra = classroom_fields();
    char now[32];
    int status = check_exit_status(result);

    print_now(now, sizeof(now));
    ctx.files = spec->files;
    ctx.prefix = "labs";
    ctx.now = now;
    ctx.guide = false;
    ctx.version = KIT_VERSION;
    ctx.verbose = spec->verbose;
    ctx.colour = !spec->out && isatty(STDOUT_FILENO) && !getenv("NO_COLOR");
    ctx.in_actions = variable("GITHUB_ACTIONS") != NULL;
    ctx.summary = step_summary ? &summary : NULL;
    ctx.extra = extra;
    if (report_find(spec->format ? spec->format : "text")->write(result, &ctx, &out, &err))
        status = complain(STATUS_INCOMPLETE, "%s", buf_text(&err));
    else if (!write_output(spec->out, &out))
        status = STATUS_INCOMPLETE;
    append_summary(step_summary, &summary);
    json_decref(extra);
    buf_release(&out);
    buf_release(&err);
    buf_release(&summary);
    return status;
}
