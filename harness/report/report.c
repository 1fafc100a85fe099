/* SPDX-License-Identifier: MIT */
#include "report/report.h"

#include "report/writers.h"

#include <string.h>

const struct report_writer report_writers[] = {
    {"text", "for a terminal: table, what failed and where, what to do next", report_text},
    {NULL, NULL, NULL},
};

const struct report_writer *report_find(const char *name)
{
    for (const struct report_writer *w = report_writers; w->name; w++)
        if (!strcmp(w->name, name))
            return w;
    return NULL;
}
