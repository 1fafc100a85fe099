/* SPDX-License-Identifier: MIT */
#include "lab/session_parts.h"

#include "base/io.h"
#include "lab/proof.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

static struct build_request request_of(const struct session_spec *spec)
{
    return (struct build_request){
        .kit = spec->kit,
        .exercise = spec->exercise,
        .tool = spec->tool,
        .source = spec->source,
        .level = spec->level,
        .gate = !spec->keep,
        .keep = spec->keep,
    };
}

static void build_and_judge(struct session *s)
{
    const struct session_spec *spec = s->spec;
    const struct build_request request = request_of(spec);
    struct buf err = BUF_EMPTY;

    if (proof_of_tool(spec->kit, spec->tool, spec->level, false, &err) ||
        build_probe(&request, &s->build, &err)) {
        session_write_all(s, VERDICT_HARNESS_ERROR, buf_text(&err));
    } else if (s->build.verdict != VERDICT_PASS) {
        session_write_all(s, s->build.verdict, s->build.message);
    } else {
        const struct runner_spec run = {
            .kit = spec->kit,
            .exercise = spec->exercise,
            .tool = spec->tool,
            .program = s->build.probe,
            .student = spec->exercise->edit,
            .level = spec->level,
            .seed = spec->seed,
        };

        if (runner_open(&s->runner, &run, &err))
            session_write_all(s, VERDICT_HARNESS_ERROR, buf_text(&err));
        else
            session_judge(s);
        runner_close(&s->runner);
    }
    buf_release(&err);
}
static void session_release(struct session *s)
{
    for (size_t i = 0; i < s->spec->n_checks; i++) {
        tally_release(&s->tallies[i]);
        json_decref(s->rows[i]);
    }
    if (s->listener >= 0)
        session_hang_up(s);
    if (s->judge_fd >= 0)
        close(s->judge_fd);
    if (s->directory)
        io_remove_tree(s->directory, NULL);
    free(s->directory);
    free(s->socket_path);
    build_result_release(&s->build);
}

int session_run(const struct session_spec *spec, int fd)
{
    struct session *s = xcalloc(1, sizeof(*s));
    char *rows;

    signal(SIGPIPE, SIG_IGN);
    s->spec = spec;
    s->fd = fd;
    s->listener = s->judge_fd = -1;
    s->build = BUILD_RESULT_EMPTY;
    for (size_t i = 0; i < spec->n_checks; i++) {
        tally_begin(&s->tallies[i], spec->exercise, spec->checks[i]);
        s->tallies[i].seed = spec->seed;
    }
    rows = spec->keep || spec->watch ? NULL : session_cache_path(s);
    if (!session_take_cached(s, rows)) {
        build_and_judge(s);
        if (rows)
            session_keep(s, rows);
    }
    io_write_all(fd, "{\"over\":true}\n", 14);
    free(rows);
    session_release(s);
    free(s);
    return 0;
}

int session_prepare(const struct session_spec *spec, int fd)
{
    struct session s = {.spec = spec, .build = BUILD_RESULT_EMPTY};
    const struct build_request request = request_of(spec);
    char *rows = session_cache_path(&s);

    (void)fd;
    if ((spec->fresh || !rows || !io_is_file(rows)) &&
        !proof_of_tool(spec->kit, spec->tool, spec->level, false, NULL))
        build_probe(&request, &s.build, NULL);
    build_result_release(&s.build);
    free(rows);
    return 0;
}
