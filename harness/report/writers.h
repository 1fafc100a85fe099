/* SPDX-License-Identifier: MIT */
/*
 * writers - the functions behind the table of report.c; each is described where it stands there.
 */
#ifndef REPORT_WRITERS_H
#define REPORT_WRITERS_H

#include "report/report.h"

#define REPORT_WRITER(name) \
    int report_##name(      \
        const json_t *result, const struct report_context *ctx, struct buf *out, struct buf *err)

REPORT_WRITER(text);

#endif
