/* SPDX-License-Identifier: MIT */
#include "base/io.h"
#include "lab/ending.h"
#include "lab/findings.h"
#include "lab/run_command.h"

#include <jansson.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

int runner_open(struct runner *r, const struct runner_spec *spec, struct buf *err)
{
    *r = (struct runner){.spec = *spec, .board_fd = -1, .control = -1};
    r->directory = io_make_temporary("interleave", err);
    if (!r->directory)
        return -1;
    if (io_share_directory(r->directory, err)) {
        runner_close(r);
        return -1;
    }
    r->board = board_create(&r->board_fd, err);
    if (!r->board) {
        runner_close(r);
        return -1;
    }
    return 0;
}

/* From how the box ended to an outcome: first what the board and the limits say, then the tool. */
static int conclude(
    struct runner *r, const struct box_result *b, struct outcome *o, struct buf *err)
{
    const struct findings_source source = {
        .tool = r->spec.tool,
        .directory = r->box ? box_files(r->box) : b->files,
        .program = r->spec.program,
        .student = r->spec.student,
    };
    struct outcome found = OUTCOME_EMPTY;
    int result;

    found.verdict = VERDICT_PASS;
    result = findings_read(&source, &found, err);
    if (!result) {
        struct ending ending = {
            .board = r->board,
            .box = b,
            .found = &found,
            .student = r->spec.student,
            .has_detector = r->spec.tool->report != REPORT_NONE,
        };

        if (!r->lines && (b->end == BOX_QUIET || b->end == BOX_WALL))
            r->lines = lines_open(r->spec.program, NULL);
        ending.lines = r->lines;
        result = ending_to_outcome(&ending, o, err);
    }
    outcome_release(&found);
    return result;
}

static int run_once(struct runner *r, struct outcome *o, struct buf *err)
{
    struct run_command c;
    struct box_result b = BOX_RESULT_EMPTY;
    int result;

    run_command_prepare(&c, r);
    run_command_trace(r, &c, r->board->scenario, r->board->args, NULL);
    r->box = box_start(&c.box, err);
    result = r->box ? 0 : -1;
    if (!result) {
        box_pump(r->box, -1, -1);
        result = box_finish(r->box, &b, err);
        r->box = NULL;
    }
    if (!result)
        result = conclude(r, &b, o, err);
    buf_clear(&r->printed);
    buf_append(&r->printed, buf_text(&b.out), b.out.length);
    box_result_release(&b);
    run_command_release(&c);
    return result;
}

static int start_server(struct runner *r, struct buf *err)
{
    struct run_command c;
    int ends[2];

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
        return fail_errno(err, "Cannot make a socket pair");
    run_command_prepare(&c, r);
    c.fds[1] = (struct box_fd){ends[1], BOARD_CONTROL_FD};
    c.box.n_fds = 2;
    run_command_trace(r, &c, r->board->scenario, r->board->args, NULL);
    r->box = box_start(&c.box, err);
    close(ends[1]);
    run_command_release(&c);
    if (!r->box) {
        close(ends[0]);
        return -1;
    }
    r->control = ends[0];
    return 0;
}

static int stop_server(struct runner *r, struct box_result *ret, struct buf *err)
{
    int result = box_finish(r->box, ret, err);

    r->box = NULL;
    close(r->control);
    r->control = -1;
    return result;
}

/* The server's answer is the wait status of the process that ran the scenario. */
static bool read_status(struct runner *r, struct box_result *ret)
{
    int status;

    if (read(r->control, &status, sizeof(status)) != sizeof(status))
        return false;
    ret->end = WIFSIGNALED(status) ? BOX_SIGNALED : BOX_EXITED;
    ret->status = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
    return true;
}

static int run_served(struct runner *r, struct outcome *o, struct buf *err)
{
    struct box_result b = BOX_RESULT_EMPTY;
    int result = -1;

    if (r->box)
        run_command_trace(r, NULL, r->board->scenario, r->board->args, NULL);
    else if (start_server(r, err))
        return -1;
    box_rearm(r->box);
    if (send(r->control, "r", 1, MSG_NOSIGNAL) == 1 &&
        box_pump(r->box, r->control, -1) == BOX_PUMP_FD && read_status(r, &b)) {
        result = conclude(r, &b, o, err);
    } else if (!stop_server(r, &b, err)) {
        /* A limit was hit, or the server itself was killed: the next run starts another. */
        result = conclude(r, &b, o, err);
    }
    box_result_release(&b);
    return result;
}

int runner_run(struct runner *r, const char *scenario, const char *args, struct outcome_list *ret,
    struct buf *err)
{
    uint64_t challenge = 0;
    struct outcome *o;
    int result;

    if (r->spec.tool->side == SEAM_EXPLORE)
        return runner_search(r, scenario, args, ret, err);
    if (getrandom(&challenge, sizeof(challenge), 0) != sizeof(challenge))
        return fail_errno(err, "Cannot draw a random number");
    if (board_request(r->board, scenario, args, challenge, err))
        return -1;
    o = xcalloc(1, sizeof(*o));
    *o = OUTCOME_EMPTY;
    result = r->spec.tool->serves ? run_served(r, o, err) : run_once(r, o, err);
    if (result) {
        outcome_release(o);
        free(o);
        return -1;
    }
    ret->items = o;
    ret->count = 1;
    return 0;
}

void runner_close(struct runner *r)
{
    struct box_result b = BOX_RESULT_EMPTY;

    if (r->box)
        stop_server(r, &b, NULL);
    box_result_release(&b);
    lines_close(r->lines);
    board_destroy(r->board, r->board_fd);
    if (r->directory)
        io_remove_tree(r->directory, NULL);
    free(r->directory);
    buf_release(&r->printed);
}

void outcome_list_release(struct outcome_list *l)
{
    for (size_t i = 0; i < l->count; i++)
        outcome_release(&l->items[i]);
    free(l->items);
    free(l->claim);
    *l = (struct outcome_list){0};
}
