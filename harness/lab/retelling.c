/* SPDX-License-Identifier: MIT */
#include "lab/retelling.h"

#include "base/io.h"
#include "explain/explain.h"
#include "explore/replay.h"
#include "lab/replaying.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WIDTH = 80, MOST_ROWS = 36 };

/* Lines are found by the name under which the file was built; a submission's may have another. The
 * caller frees. */
static char *named_source(const struct runner *r, const char *source)
{
    char *link, *whole;

    if (!strcmp(io_base_name(source), r->spec.student))
        return xstrdup(source);
    link = io_path(r->directory, r->spec.student);
    whole = realpath(source, NULL);
    if (whole && access(link, F_OK))
        (void)!symlink(whole, link);
    free(whole);
    return link;
}

static void add_finding(const struct story *s, const char *file, json_t *row)
{
    const struct explain_text_options options = {.width = WIDTH, .most_rows = MOST_ROWS};
    json_t *findings = json_object_get(row, "findings");
    struct buf text = BUF_EMPTY;

    explain_text(s, &options, &text);
    if (findings)
        json_array_insert_new(findings, 0,
            json_pack("{s:s, s:s, s:i, s:s}", "kind", story_kind(s), "file", file, "line",
                story_line(s), "text", buf_text(&text)));
    buf_release(&text);
}

static void tell(struct runner *r, const char *source, const struct execution *x, json_t *row)
{
    const struct explain_trace trace = {
        x->result, x->events, x->tasks, x->frames, x->blocks, x->findings};
    char *probe = kit_path(r->spec.kit, "tests", r->spec.exercise, "probe.c");
    char *shown = named_source(r, source);
    const struct explain_source files = {.program = r->spec.program, .files = {shown, probe}};
    struct story *s = story_open(&trace, &files, NULL);

    if (s && !strcmp(json_string_value(json_object_get(row, "verdict")), "WRONG"))
        story_promise(s, json_string_value(json_object_get(row, "message")));
    if (s)
        add_finding(s, r->spec.student, row);
    story_close(s);
    free(probe);
    free(shown);
}

void retell_row(struct runner *r, const char *source, json_t *row)
{
    const char *words = json_string_value(json_object_get(row, "schedule"));
    const struct explore_options options = runner_explore_options(r);
    struct schedule_words w = {0};
    struct replay found = REPLAY_EMPTY;

    if (!words || r->spec.tool->side != SEAM_EXPLORE)
        return;
    schedule_words_split(&w, words);
    if (w.scenario && !runner_replay(r, w.scenario, w.args, &options, w.schedule, &found, NULL)) {
        tell(r, source, &found.execution, row);
        replay_release(&found);
    }
    schedule_words_release(&w);
}
