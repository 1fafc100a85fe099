/* SPDX-License-Identifier: MIT */
#include "lab/findings.h"

#include "gate/intake_open.h"
#include "lab/findings_parts.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { REPORTS_MOST = 64, REPORT_MOST = 1 << 20 };

/* The student's code can write to this directory, at some levels even see its name: what lies here
 * may be a link, a FIFO, a device or a gigabyte. */
static bool open_report(int directory, const char *name, struct buf *ret)
{
    int fd = intake_open_beneath(directory, name, O_RDONLY);
    struct stat st;
    bool result = fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
                  intake_read_fd(fd, REPORT_MOST, ret) == 0;

    if (fd >= 0)
        close(fd);
    return result;
}

static void say_planted(struct reader *r)
{
    block_close(r);
    if (r->outcome->n_findings < FINDINGS_MOST)
        outcome_add_finding(r->outcome, "forged", NULL, 0,
            "something that is no report lies where the detector writes its reports");
    if (r->outcome->verdict != VERDICT_PASS)
        return;
    r->outcome->verdict = VERDICT_FORGED;
    free(r->outcome->text);
    r->outcome->text = xstrdup("the program put something in the place of the detector's report");
}

static void read_report(struct reader *r, int directory, const char *name)
{
    struct buf report = BUF_EMPTY;
    char *rest, *line;

    if (!open_report(directory, name, &report)) {
        say_planted(r);
        buf_release(&report);
        return;
    }
    rest = report.data;
    while ((line = strsep(&rest, "\n"))) {
        if (r->source->tool->report == REPORT_VALGRIND)
            valgrind_line(r, line);
        else
            sanitizer_line(r, line);
    }
    block_close(r);
    buf_release(&report);
}

static int is_report(const struct dirent *e)
{
    return !strncmp(e->d_name, "report.", 7);
}

int findings_read(const struct findings_source *s, struct outcome *o, struct buf *err)
{
    struct reader r = {.source = s, .outcome = o};
    struct dirent **entries = NULL;
    int count;

    if (s->tool->report == REPORT_NONE)
        return 0;
    count = scandirat(s->directory, ".", &entries, is_report, alphasort);
    for (int i = 0; i < count; i++) {
        if (i < REPORTS_MOST)
            read_report(&r, s->directory, entries[i]->d_name);
        unlinkat(s->directory, entries[i]->d_name, 0); /* for the next run in the same place */
        free(entries[i]);
    }
    free(entries);
    lines_close(r.lines);
    return count < 0 ? fail_errno(err, "Cannot read the reports of %s", s->tool->name) : 0;
}
