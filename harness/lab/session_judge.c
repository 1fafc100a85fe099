/* SPDX-License-Identifier: MIT */
#include "lab/retelling.h"
#include "lab/session_parts.h"

#include "base/io.h"
#include "lab/processes.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static size_t find_test(const struct session *s, const char *test)
{
    for (size_t i = 0; i < s->spec->n_checks; i++)
        if (test && !strcmp(s->spec->checks[i]->test, test))
            return i;
    return SESSION_CHECKS;
}

/* What the judge says, one function a word. */

static void on_test(struct session *s, struct line *l, const json_t *m)
{
    size_t i = find_test(s, json_string_value(json_object_get(m, "name")));

    if (i == SESSION_CHECKS)
        return;
    l->tally = &s->tallies[i];
    l->tally->began_ms = io_now_ms();
}

static void answer(struct line *l, const struct outcome_list *list)
{
    json_t *outcomes = json_array(), *message;
    char *text;

    for (size_t i = 0; i < list->count; i++)
        json_array_append_new(outcomes, outcome_to_json(&list->items[i]));
    message = json_pack("{s:o}", "outcomes", outcomes);
    text = json_dumps(message, JSON_COMPACT);
    if (text) {
        io_write_all(l->fd, text, strlen(text));
        io_write_all(l->fd, "\n", 1);
    }
    free(text);
    json_decref(message);
}

static int run(
    struct session *s, struct line *l, const json_t *m, struct outcome_list *ret, struct buf *err)
{
    const struct session_watch *w = s->spec->watch;
    const char *scenario = json_string_value(json_object_get(m, "scenario"));
    const char *args = json_string_value(json_object_get(m, "args"));
    const char *schedule = json_string_value(json_object_get(m, "schedule"));

    if (w && l->tally)
        return w->run(w->arg, &s->runner, l->tally->check, scenario, args, schedule, ret, err);
    if (schedule)
        return runner_run_schedule(&s->runner, scenario, args, schedule, ret, err);
    return runner_run(&s->runner, scenario, args, ret, err);
}

static void on_run(struct session *s, struct line *l, const json_t *m)
{
    struct outcome_list list = {0};
    struct buf err = BUF_EMPTY;
    int result = run(s, l, m, &list, &err);

    if (result > 0) {
        s->over = true;
        return;
    }
    if (result && l->tally)
        tally_error(l->tally, buf_text(&err));
    if (l->tally)
        tally_outcomes(l->tally, json_string_value(json_object_get(m, "scenario")),
            json_string_value(json_object_get(m, "args")), &list);
    answer(l, &list);
    outcome_list_release(&list);
    buf_release(&err);
}

static void on_assert(struct session *s, struct line *l, const json_t *m)
{
    const struct session_watch *w = s->spec->watch;
    const char *message = json_string_value(json_object_get(m, "message"));
    long outcome = (long)json_integer_value(json_object_get(m, "outcome"));
    bool holds = json_is_true(json_object_get(m, "holds"));

    if (!l->tally)
        return;
    tally_assertion(l->tally, holds, message, outcome);
    if (w)
        w->assertion(w->arg, l->tally->check, holds, message, outcome);
}

static void hear_the_rest(struct session *s, const struct line *but);

static void on_end(struct session *s, struct line *l, const json_t *m)
{
    size_t i = find_test(s, json_string_value(json_object_get(m, "name")));
    bool passed = json_integer_value(json_object_get(m, "status")) == 0 &&
                  json_integer_value(json_object_get(m, "failed")) == 0 &&
                  json_integer_value(json_object_get(m, "passed")) > 0;

    hear_the_rest(s, l);
    if (i < SESSION_CHECKS && !s->rows[i]) {
        json_t *row = tally_row(&s->tallies[i], passed);

        if (!s->spec->watch &&
            strcmp(json_string_value(json_object_get(row, "verdict")), "PASS") != 0)
            retell_row(&s->runner, s->spec->source, row);
        session_write(s, i, row);
    }
}

static void on_over(struct session *s, struct line *l, const json_t *m)
{
    (void)l;
    (void)m;
    s->over = true;
}

static const struct {
    const char *word;
    void (*hear)(struct session *, struct line *, const json_t *);
} words[] = {
    {"test", on_test},
    {"run", on_run},
    {"assert", on_assert},
    {"end", on_end},
    {"over", on_over},
};

static void hear(struct session *s, struct line *l, const json_t *m)
{
    const char *say = json_string_value(json_object_get(m, "say"));

    for (size_t i = 0; say && i < sizeof(words) / sizeof(words[0]); i++)
        if (!strcmp(words[i].word, say))
            words[i].hear(s, l, m);
}

static void drop_line(struct session *s, size_t i)
{
    close(s->lines[i].fd);
    buf_release(&s->lines[i].in);
    s->lines[i] = s->lines[--s->n_lines];
}

static void hear_text(struct session *s, struct line *l, const char *text)
{
    json_t *m = json_loads(text, 0, NULL);

    if (m)
        hear(s, l, m);
    json_decref(m);
}

/* Reads what there is, and hears every message that is complete. False: nothing will come. */
static bool read_line(struct session *s, struct line *l)
{
    char bytes[16384], *at, *end;
    ssize_t n = read(l->fd, bytes, sizeof(bytes));
    struct buf rest = BUF_EMPTY;

    if (n <= 0)
        return false;
    buf_append(&l->in, bytes, (size_t)n);
    for (at = l->in.data; (end = strchr(at, '\n')); at = end + 1) {
        *end = '\0';
        hear_text(s, l, at);
    }
    buf_puts(&rest, at);
    buf_release(&l->in);
    l->in = rest;
    return true;
}

/* The kernel says who is at the other end. Without namespaces a student's program can learn the
 * socket's name from /proc/net/unix, and must not be heard as a judge. */
static bool is_judges(const struct session *s, int fd)
{
    struct ucred peer = {0};
    socklen_t length = sizeof(peer);

    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) == 0 &&
           processes_is_below(peer.pid, s->judge);
}

static void accept_line(struct session *s)
{
    int fd = accept4(s->listener, NULL, NULL, SOCK_CLOEXEC);

    if (fd >= 0 && (s->n_lines == LINES_MOST || !is_judges(s, fd)))
        close(fd);
    else if (fd >= 0)
        s->lines[s->n_lines++] = (struct line){.fd = fd};
}

static bool has_something(int fd)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};

    return poll(&p, 1, 0) > 0;
}

/* A test speaks on a line of its own, and Criterion says on another that it has ended. What the
 * test said before that counts, also when it has not been read yet. */
static void hear_the_rest(struct session *s, const struct line *but)
{
    while (has_something(s->listener) && s->n_lines < LINES_MOST)
        accept_line(s);
    for (size_t i = 0; i < s->n_lines; i++)
        while (&s->lines[i] != but && has_something(s->lines[i].fd) && read_line(s, &s->lines[i]))
            ;
}

static int open_socket(struct session *s, struct buf *err)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    s->directory = io_make_temporary("interleave-judge", err);
    if (!s->directory)
        return -1;
    s->socket_path = io_path(s->directory, "socket");
    if (strlen(s->socket_path) >= sizeof(address.sun_path))
        return fail(err, "The path %s is too long for a socket: set TMPDIR to a shorter one.",
            s->socket_path);
    memcpy(address.sun_path, s->socket_path, strlen(s->socket_path) + 1);
    s->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (s->listener < 0 || bind(s->listener, (struct sockaddr *)&address, sizeof(address)) ||
        listen(s->listener, LINES_MOST))
        return fail_errno(err, "Cannot listen on %s", s->socket_path);
    return 0;
}

static char *filter_of(const struct session_spec *s)
{
    struct buf b = BUF_EMPTY;

    buf_printf(&b, "--filter=%s/@(", s->exercise->id);
    for (size_t i = 0; i < s->n_checks; i++)
        buf_printf(&b, "%s%s", i ? "|" : "", s->checks[i]->test);
    buf_puts(&b, ")");
    return buf_detach(&b);
}

enum { WAY_BLOCKED = 126, STARTS_MOST = 16 };

/* Criterion listens at /tmp/criterion_<pid>.sock, whatever TMPDIR says. What a killed one left
 * there is in the way of whoever gets its pid next, and when it belongs to another user it stays.
 */
static bool clear_way(pid_t judge)
{
    char path[64];

    snprintf(path, sizeof(path), "/tmp/criterion_%d.sock", (int)judge);
    return unlink(path) == 0 || errno == ENOENT;
}

/* In the child. */
static _Noreturn void become_judge(struct session *s, const char *program, const char *filter)
{
    int null = open("/dev/null", O_RDWR);
    char seed[32];

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (!clear_way(getpid()))
        _exit(WAY_BLOCKED);
    dup2(null, 0);
    dup2(null, 1);
    if (!getenv("LAB_DEBUG"))
        dup2(null, 2);
    snprintf(seed, sizeof(seed), "%llu", (unsigned long long)s->spec->seed);
    setenv("LAB_SOCKET", s->socket_path, 1);
    setenv("LAB_TOOL", s->spec->tool->name, 1);
    setenv("LAB_SEED", seed, 1);
    setenv("LC_ALL", "C", 1); /* any other locale is a dozen files to open, for each test anew */
    execl(program, program, "-j1", filter, (char *)NULL);
    _exit(127);
}

static int start_judge(struct session *s, struct buf *err)
{
    char *program = xasprintf("%s/judge/%s", s->spec->kit->build, s->spec->exercise->id);
    char *filter = filter_of(s->spec);
    int result = -1;

    if (access(program, X_OK)) {
        fail(err, "The judge %s is not built: run `make check`.", program);
        goto out;
    }
    s->judge = fork();
    if (s->judge < 0) {
        fail_errno(err, "Cannot start the judge");
        goto out;
    }
    if (s->judge == 0)
        become_judge(s, program, filter);
    s->judge_fd = (int)syscall(SYS_pidfd_open, s->judge, 0);
    result = 0;
out:
    free(program);
    free(filter);
    return result;
}

/* Until the judge has ended and everything that it said was heard. */
static void serve(struct session *s)
{
    bool alive = true;

    while (!s->over && (alive || s->n_lines)) {
        struct pollfd p[LINES_MOST + 2];
        nfds_t n = 0;

        for (size_t i = 0; i < s->n_lines; i++)
            p[n++] = (struct pollfd){.fd = s->lines[i].fd, .events = POLLIN};
        p[n++] = (struct pollfd){.fd = s->listener, .events = POLLIN};
        p[n++] = (struct pollfd){.fd = alive ? s->judge_fd : -1, .events = POLLIN};
        if (poll(p, n, -1) < 0)
            continue;
        if (p[n - 1].revents)
            alive = false;
        if (p[n - 2].revents)
            accept_line(s);
        for (size_t i = n - 2;
             i-- > 0;) /* downwards: a line that is dropped is filled from above */
            if (p[i].revents && has_something(p[i].fd) && !read_line(s, &s->lines[i]))
                drop_line(s, i);
    }
}

/* A judge that still waits for an answer sees that there will be none, and ends. */
void session_hang_up(struct session *s)
{
    while (s->n_lines)
        drop_line(s, 0);
    close(s->listener);
    s->listener = -1;
}

/* Another pid is another way, so it is tried again. */
static int run_judge(struct session *s, int *ret_status, struct buf *err)
{
    for (int starts = 0; starts < STARTS_MOST; starts++) {
        if (start_judge(s, err))
            return -1;
        serve(s);
        if (s->over)
            session_hang_up(s); /* nobody is asked any more; it may go */
        waitpid(s->judge, ret_status, 0);
        clear_way(s->judge);
        if (!WIFEXITED(*ret_status) || WEXITSTATUS(*ret_status) != WAY_BLOCKED)
            return 0;
        close(s->judge_fd);
        s->judge_fd = -1;
    }
    return fail(err,
        "The sockets that other users left in /tmp (criterion_*.sock) are in the way of "
        "the judge: remove them.");
}

void session_judge(struct session *s)
{
    struct buf err = BUF_EMPTY;
    int status = 0;

    if (open_socket(s, &err) || run_judge(s, &status, &err)) {
        session_write_all(s, VERDICT_HARNESS_ERROR, buf_text(&err));
        buf_release(&err);
        return;
    }
    if (s->listener >= 0)
        session_hang_up(s);
    buf_printf(&err, "The judge ended without a word about this check (status %d).", status);
    session_write_all(s, VERDICT_HARNESS_ERROR, buf_text(&err));
    buf_release(&err);
}
