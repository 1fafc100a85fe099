/* SPDX-License-Identifier: MIT */
/*
 * findings - reads what a tool wrote about one run, and turns it into findings with places.
 *
 * A tool writes one file per process: <directory>/report.<pid>. Sanitizers write addresses
 * (symbolize=0), which become lines here by the program's DWARF; Valgrind writes lines itself. A
 * finding's place is the first frame in the student's file; its text has both sides of a race.
 */
#ifndef LAB_FINDINGS_H
#define LAB_FINDINGS_H

#include "base/buf.h"
#include "base/outcome.h"
#include "lab/tool.h"

struct findings_source {
    const struct tool *tool;
    int directory;       /* open, with the reports; read files are removed */
    const char *program; /* for addresses */
    const char *student; /* base name of the student's file */
};

/* Adds what the reports say to `o`, and sets its verdict and text when something was found and the
 * verdict was PASS. Reports are data: whatever is in them, this ends and adds at most 20 findings;
 * what lies in a report's place and is no file is FORGED. */
int findings_read(const struct findings_source *s, struct outcome *o, struct buf *err);

#endif
