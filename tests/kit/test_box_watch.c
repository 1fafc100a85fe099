/* SPDX-License-Identifier: MIT */
/* What a box sees of its command over time: quiet, servers that take one request after the other,
 * and commands that are not there. */
#include "box/behaviours.h"

static bool say_yes(void *arg)
{
    ++*(int *)arg;
    return true;
}

static bool say_no(void *arg)
{
    ++*(int *)arg;
    return false;
}

Test(box_watch, a_box_that_sleeps_is_quiet)
{
    struct sample_run s;
    struct box_result r;
    int asked = 0;

    sample_prepare(&s, BOX_LIMITS, "many_threads", "10");
    s.spec.limits.quiet_ms = 150;
    s.spec.on_quiet = say_yes;
    s.spec.quiet_arg = &asked;
    r = sample_finish(&s);
    assert_end(r, BOX_QUIET);
    cr_assert_eq(asked, 1);
    cr_assert_lt(r.wall_ms, 2000);
    box_result_release(&r);
}

Test(box_watch, the_answer_no_lets_a_quiet_box_go_on)
{
    struct sample_run s;
    struct box_result r;
    int asked = 0;

    sample_prepare(&s, BOX_LIMITS, "sleep", NULL);
    s.spec.limits.quiet_ms = 100;
    s.spec.limits.wall_ms = 700;
    s.spec.on_quiet = say_no;
    s.spec.quiet_arg = &asked;
    r = sample_finish(&s);
    assert_end(r, BOX_WALL);
    cr_assert_geq(asked, 2);
    box_result_release(&r);
}

Test(box_watch, who_wakes_up_now_and_then_is_not_quiet)
{
    struct sample_run s;
    struct box_result r;
    int asked = 0;

    sample_prepare(&s, BOX_LIMITS, "doze", NULL);
    s.spec.limits.quiet_ms = 100;
    s.spec.limits.wall_ms = 500;
    s.spec.on_quiet = say_yes;
    s.spec.quiet_arg = &asked;
    r = sample_finish(&s);
    assert_end(r, BOX_WALL);
    cr_assert_eq(asked, 0);
    box_result_release(&r);
}

/* Three rounds of 300 ms each against a wall limit of 500. */
static enum box_pump serve_rounds(bool rearm, struct box_result *r)
{
    struct sample_run s;
    struct buf err = BUF_EMPTY;
    enum box_pump last = BOX_PUMP_FAILED;
    struct box *b;
    int ends[2];

    cr_assert(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
    sample_prepare(&s, BOX_LIMITS, "serve", "300");
    s.spec.fds = (const struct box_fd[]){{ends[1], 3}};
    s.spec.n_fds = 1;
    s.spec.limits.wall_ms = 500;
    b = box_start(&s.spec, &err);
    cr_assert(b, "%s", buf_text(&err));
    close(ends[1]);
    for (int round = 0; round < 3; round++) {
        char byte = 'r';

        if (rearm)
            box_rearm(b);
        cr_assert_eq(send(ends[0], &byte, 1, MSG_NOSIGNAL), 1);
        last = box_pump(b, ends[0], -1);
        if (last != BOX_PUMP_FD || read(ends[0], &byte, 1) != 1)
            break;
    }
    cr_assert_eq(box_finish(b, r, &err), 0, "%s", buf_text(&err));
    close(ends[0]);
    return last;
}

Test(box_watch, a_server_has_the_whole_limits_for_each_request)
{
    struct box_result r;

    cr_assert_eq(serve_rounds(true, &r), BOX_PUMP_FD);
    assert_end(r, BOX_KILLED);
    box_result_release(&r);
    cr_assert_eq(serve_rounds(false, &r), BOX_PUMP_ENDED);
    assert_end(r, BOX_WALL);
    box_result_release(&r);
}

Test(box_watch, a_server_that_dies_says_how)
{
    struct sample_run s;
    struct box_result r = BOX_RESULT_EMPTY;
    struct buf err = BUF_EMPTY;
    struct box *b;
    int ends[2];

    cr_assert(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
    sample_prepare(&s, BOX_LIMITS, "die", "6");
    s.spec.fds = (const struct box_fd[]){{ends[1], 3}};
    s.spec.n_fds = 1;
    b = box_start(&s.spec, &err);
    close(ends[1]);
    cr_assert_eq(box_pump(b, ends[0], -1), BOX_PUMP_ENDED);
    cr_assert_eq(box_finish(b, &r, &err), 0);
    assert_end(r, BOX_SIGNALED);
    cr_assert_eq(r.status, SIGABRT);
    box_result_release(&r);
}

Test(box_watch, waiting_has_a_time_limit_of_its_own)
{
    struct sample_run s;
    struct box_result r = BOX_RESULT_EMPTY;
    struct buf err = BUF_EMPTY;
    long long start;
    struct box *b;

    sample_prepare(&s, BOX_LIMITS, "sleep", NULL);
    b = box_start(&s.spec, &err);
    start = io_now_ms();
    cr_assert_eq(box_pump(b, -1, 100), BOX_PUMP_TIMEOUT);
    cr_assert_geq(io_now_ms() - start, 100);
    cr_assert_eq(box_finish(b, &r, &err), 0);
    assert_end(r, BOX_KILLED);
    box_result_release(&r);
}

Test(box_watch, a_command_that_is_not_there_is_our_error_and_no_end)
{
    struct box_result r = BOX_RESULT_EMPTY;
    struct buf err = BUF_EMPTY;
    const struct box_spec spec = {
        .argv = (const char *const[]){"/no/such/program", NULL}, .limits = box_limits_default()};

    cr_assert_eq(box_run(&spec, &r, &err), -1);
    cr_assert_str_eq(buf_text(&err),
        "The box failed: the command cannot be started: No such file or directory.");
    buf_release(&err);
}
