/* SPDX-License-Identifier: MIT */
#include "lab/check_parts.h"

#include "lab/processes.h"
#include "lab/trace.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LOOK_MS = 100 }; /* at the share */

static bool is_running(const struct schedule *s, const struct grading *g, const struct tool *t)
{
    for (size_t i = 0; i < s->n_running; i++)
        if (s->running[i].grading == g && s->running[i].tool == t)
            return true;
    return false;
}

static bool is_being_built(const struct schedule *s, const struct grading *g, const struct tool *t)
{
    for (size_t i = 0; i < s->n_running; i++)
        if (s->running[i].grading == g && s->running[i].tool == t && s->running[i].builds)
            return true;
    return false;
}

static unsigned jobs_now(const struct check_spec *spec)
{
    unsigned jobs = spec->share ? atomic_load(spec->share) : spec->jobs;

    return jobs < SESSIONS_MOST ? jobs : SESSIONS_MOST;
}

/* More cores than exercises: then the work on one exercise is cut into smaller pieces, which fill
 * the cores better. Otherwise that would only cost. */
static bool has_cores_to_spare(const struct schedule *s)
{
    return jobs_now(s->spec) > s->n_gradings;
}

/* A stub costs one plain session: the other tools wait until plain has said something. */
static bool waits_for_plain(const struct grading *g, const struct tool *t)
{
    if (!g->may_be_stub || !strcmp(t->name, "plain"))
        return false;
    for (size_t i = 0; i < g->n_rows; i++)
        if (!strcmp(g->rows[i].check->under, "plain") && g->rows[i].state != ROW_DONE)
            return true;
    return false;
}

/* A search takes long and one core, so each can be a session of its own. */
static size_t ready_search(struct grading *g, const struct tool *t, struct row **ret_rows)
{
    for (size_t i = 0; i < g->n_rows; i++)
        if (!strcmp(g->rows[i].check->under, t->name) && check_is_ready(g, &g->rows[i])) {
            *ret_rows = &g->rows[i];
            return 1;
        }
    return 0;
}

/* The ready checks of one exercise under one tool; none when it is better to wait for more. */
static size_t ready_checks(
    struct schedule *s, struct grading *g, const struct tool *t, struct row **ret_rows)
{
    size_t count = 0;

    if (waits_for_plain(g, t) || is_being_built(s, g, t))
        return 0;
    if (t->side == SEAM_EXPLORE && has_cores_to_spare(s))
        return ready_search(g, t, ret_rows);
    if (is_running(s, g, t))
        return 0;
    for (size_t i = 0; i < g->n_rows; i++) {
        struct row *r = &g->rows[i];

        if (strcmp(r->check->under, t->name))
            continue;
        if (check_waits(g, r))
            return 0;
        if (check_is_ready(g, r))
            ret_rows[count++] = r;
    }
    return count;
}

static struct session_spec spec_of(struct schedule *s, struct grading *g, const struct tool *t)
{
    return (struct session_spec){
        .kit = s->spec->kit,
        .exercise = g->exercise,
        .tool = g->as ? g->as : t,
        .keep = g->keep,
        .source = g->source,
        .level = s->spec->level,
        .seed = g->seed,
        .seeded = g->seeded,
        .fresh = s->spec->fresh,
    };
}

/* Starts a process of ours that does `work`; what it writes is read by read_session(). */
static bool start_process(struct schedule *s, struct grading *g, const struct tool *t,
    const struct session_spec *spec, int (*work)(const struct session_spec *, int fd))
{
    struct running *run = &s->running[s->n_running];
    int ends[2];

    *run = (struct running){.grading = g, .tool = t, .fd = -1};
    if (pipe2(ends, O_CLOEXEC))
        return false;
    run->pid = processes_fork();
    if (run->pid == 0) {
        int status;

        close(ends[0]);
        status = work(spec, ends[1]);
        trace_end();
        _exit(status);
    }
    close(ends[1]);
    if (run->pid < 0) {
        close(ends[0]);
        return false;
    }
    run->fd = ends[0];
    s->n_running++;
    return true;
}

static void start_session(
    struct schedule *s, struct grading *g, const struct tool *t, struct row **rows, size_t count)
{
    struct session_spec spec = spec_of(s, g, t);
    pid_t pid;

    for (size_t i = 0; i < count; i++)
        spec.checks[spec.n_checks++] = rows[i]->check;
    pid = start_process(s, g, t, &spec, session_run) ? s->running[s->n_running - 1].pid : -1;
    for (size_t i = 0; i < count; i++) {
        rows[i]->state = ROW_RUNS;
        rows[i]->session = pid;
        if (pid < 0)
            check_decide(s, g, rows[i], VERDICT_HARNESS_ERROR,
                "A process for this check could not be started: the machine has no room left.");
    }
}

static bool start_ready(struct schedule *s, struct grading *g, const struct tool *t)
{
    struct row *rows[SESSION_CHECKS];
    size_t count = ready_checks(s, g, t, rows);

    if (count)
        start_session(s, g, t, rows, count);
    return count > 0;
}

/* The probe is built in a process of its own, which its session then finds in the cache: that may
 * begin while the rows still wait for what they need. Not when it may turn out that nothing is
 * written yet. */
static bool prepare(struct schedule *s, struct grading *g, const struct tool *t)
{
    struct session_spec spec = spec_of(s, g, t);
    unsigned bit = 1u << (t - tools);

    if (!has_cores_to_spare(s) || g->keep || g->as || (g->prepared & bit) || is_running(s, g, t) ||
        waits_for_plain(g, t))
        return false;
    for (size_t i = 0; i < g->n_rows; i++)
        if (g->rows[i].state == ROW_OPEN && !strcmp(g->rows[i].check->under, t->name))
            spec.checks[spec.n_checks++] = g->rows[i].check;
    if (spec.n_checks == 0)
        return false;
    g->prepared |= bit;
    if (!start_process(s, g, t, &spec, session_prepare))
        return false;
    s->running[s->n_running - 1].builds = true;
    return true;
}

/* plain first, so that there is a verdict early; then whatever has the longest way to its end, so
 * that no core is left with it when the others are done: what clang has to build takes longer than
 * most judging, what Valgrind runs longer than any building. */
static const struct part {
    const char *tool;
    bool (*start)(struct schedule *, struct grading *, const struct tool *);
} order[] = {
    {"plain", start_ready},
    {"memcheck", prepare},
    {"helgrind", prepare},
    {"memcheck", start_ready},
    {"helgrind", start_ready},
    {"explore", prepare},
    {"asan", prepare},
    {"tsan", prepare},
    {"explore", start_ready},
    {"tsan", start_ready},
    {"asan", start_ready},
};

/* Goes through all exercises, part by part, until something could be started. */
static bool start_one(struct schedule *s)
{
    for (size_t part = 0; part < sizeof(order) / sizeof(order[0]); part++)
        for (size_t i = 0; i < s->n_gradings; i++)
            if (order[part].start(s, &s->gradings[i], tool_find(order[part].tool)))
                return true;
    return false;
}

static void take_row(struct schedule *s, struct running *run, json_t *row)
{
    const char *id = json_string_value(json_object_get(row, "id"));
    const char *slash = id ? strchr(id, '/') : NULL;
    struct row *r = slash ? check_find_row(run->grading, slash + 1, run->tool->name) : NULL;

    if (!r || r->state != ROW_RUNS)
        return;
    check_set_row(s, run->grading, r, json_incref(row));
    check_spread(s, run->grading, row);
    check_refuse(s, run->grading);
}

static void take_message(struct schedule *s, struct running *run, const char *text)
{
    json_t *m = json_loads(text, 0, NULL);

    if (json_object_get(m, "row"))
        take_row(s, run, json_object_get(m, "row"));
    else if (json_object_get(m, "over"))
        run->over = true;
    json_decref(m);
}

static void end_session(struct schedule *s, size_t i)
{
    struct running *run = &s->running[i];
    struct grading *g = run->grading;

    close(run->fd);
    waitpid(run->pid, NULL, 0);
    for (size_t j = 0; j < g->n_rows; j++)
        if (g->rows[j].state == ROW_RUNS && g->rows[j].session == run->pid)
            check_decide(s, g, &g->rows[j], VERDICT_HARNESS_ERROR,
                "The process that graded this check ended before it was done.");
    check_refuse(s, g);
    buf_release(&run->text);
    s->running[i] = s->running[--s->n_running];
}

static void read_session(struct schedule *s, size_t i)
{
    struct running *run = &s->running[i];
    struct buf rest = BUF_EMPTY;
    char bytes[16384], *at, *end;
    ssize_t n = read(run->fd, bytes, sizeof(bytes));

    if (n <= 0) {
        if (n == 0 || errno != EINTR)
            end_session(s, i);
        return;
    }
    buf_append(&run->text, bytes, (size_t)n);
    for (at = run->text.data; (end = strchr(at, '\n')); at = end + 1) {
        *end = '\0';
        take_message(s, run, at);
    }
    buf_puts(&rest, at);
    buf_release(&run->text);
    run->text = rest;
}

void check_run_all(struct schedule *s)
{
    while (!check_interrupted) {
        struct pollfd p[SESSIONS_MOST];
        size_t n;

        while (s->n_running < jobs_now(s->spec) && start_one(s))
            ;
        n = s->n_running;
        if (n == 0)
            break;
        for (size_t i = 0; i < n; i++)
            p[i] = (struct pollfd){.fd = s->running[i].fd, .events = POLLIN};
        if (poll(p, n, s->spec->share ? LOOK_MS : -1) <= 0)
            continue;
        for (size_t i = n; i-- > 0;) /* downwards: an ended one is filled from above */
            if (p[i].revents)
                read_session(s, i);
    }
}
