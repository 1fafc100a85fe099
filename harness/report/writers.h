/* SPDX-License-Identifier: MIT */
/*
 * writers - the functions behind the table of report.c, and what several of them need.
 */
#ifndef REPORT_WRITERS_H
#define REPORT_WRITERS_H

#include "report/report.h"
#include "report/view.h"

#define REPORT_WRITER(name) \
    int report_##name(      \
        const json_t *result, const struct report_context *ctx, struct buf *out, struct buf *err)

REPORT_WRITER(text);
REPORT_WRITER(json);
REPORT_WRITER(junit);
REPORT_WRITER(gradescope);
REPORT_WRITER(autolab);
REPORT_WRITER(classroom50);
REPORT_WRITER(github);
REPORT_WRITER(tap);
REPORT_WRITER(sarif);
REPORT_WRITER(html);

/* "promise: what happened" in one line, for formats with one message per check. */
void writers_message(const struct view_check *c, struct buf *out);

/* The story of a check as the text report tells it, without colour. */
void writers_story(const struct view_exercise *e, const struct view_check *c,
    const struct report_context *ctx, struct buf *out);

/* Adds the JSON and a newline, and drops the reference. `flags` are jansson's. */
int writers_dump(json_t *json, size_t flags, struct buf *out, struct buf *err);

/* Changes what stands in `out` from byte `from` on so that a GitHub runner, which reads commands
 * from the log even behind spaces, finds none in it. */
void writers_defuse(struct buf *out, size_t from);

/* Refuses a result that is not a whole grade, for services that only know numbers: what we could
 * not grade must not arrive there as a zero. 0 when it is whole. */
int writers_need_complete(const struct view_result *r, const char *service, struct buf *err);

#endif
