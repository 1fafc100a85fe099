/* SPDX-License-Identifier: MIT */
#include "lab/check.h"

#include "base/io.h"
#include "lab/processes.h"
#include "lab/session.h"
#include "lab/tally.h"
#include "lab/trace.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SESSIONS_MOST = 64 };

/* One row of the result. */
struct row {
    const struct check *check;
    json_t *json;
    enum { ROW_OPEN, ROW_RUNS, ROW_DONE } state;
};

struct grading {
    const struct manifest *exercise;
    const char *source;
    const char *keep;
    const struct tool *as; /* what plain's checks really run under; NULL: plain */
    uint64_t seed;
    size_t n_plain;        /* rows under plain */
    bool may_be_stub;      /* the file still says LAB_TODO somewhere */
    unsigned prepared;     /* tools whose probe was built ahead of time, a bit for each row of `tools` */
    struct row rows[SESSION_CHECKS];
    size_t n_rows;
    json_t *json;
};

/* A session at work. */
struct running {
    pid_t pid;
    int fd;
    struct buf text;
    struct grading *grading;
    const struct tool *tool;
    bool over;
};

struct schedule {
    const struct check_spec *spec;
    struct grading *gradings;
    size_t n_gradings;
    struct running running[SESSIONS_MOST];
    size_t n_running;
};

static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
    interrupted = number;
}

static enum verdict verdict_of(const json_t *row)
{
    enum verdict v = VERDICT_HARNESS_ERROR;
    const char *name = json_string_value(json_object_get(row, "verdict"));

    if (name)
        verdict_parse(name, &v);
    return v;
}

static void set_row(struct schedule *s, struct grading *g, struct row *r, json_t *json)
{
    json_array_set(json_object_get(g->json, "checks"), (size_t)(r - g->rows), json);
    json_decref(r->json);
    r->json = json;
    r->state = ROW_DONE;
    if (s->spec->on_row)
        s->spec->on_row(s->spec->arg, g->json, json);
}

static void decide_row(
    struct schedule *s, struct grading *g, struct row *r, enum verdict v, const char *message)
{
    set_row(s, g, r, tally_plain_row(g->exercise, r->check, v, message));
}

static struct row *find_row(struct grading *g, const char *test, const char *tool)
{
    for (size_t i = 0; i < g->n_rows; i++)
        if (!strcmp(g->rows[i].check->test, test) && !strcmp(g->rows[i].check->under, tool))
            return &g->rows[i];
    return NULL;
}

/* "test@tool" → the row, or NULL when it is not part of this run. */
static struct row *needed_row(struct grading *g, const char *needs)
{
    for (size_t i = 0; i < g->n_rows; i++) {
        const struct check *c = g->rows[i].check;
        size_t length = strlen(c->test);

        if (!strncmp(needs, c->test, length) && needs[length] == '@' &&
            !strcmp(needs + length + 1, c->under))
            return &g->rows[i];
    }
    return NULL;
}

/* A file that does not compile does so under every tool; a stub is a stub under every tool. */
static void spread(struct schedule *s, struct grading *g, const json_t *row)
{
    enum verdict v = verdict_of(row);
    bool todo = v == VERDICT_NOT_IMPLEMENTED;

    if ((v != VERDICT_COMPILE && v != VERDICT_REJECTED && !todo) || (todo && !g->n_plain))
        return;
    for (size_t i = 0; todo && i < g->n_rows; i++)
        if (!strcmp(g->rows[i].check->under, "plain") &&
            (g->rows[i].state != ROW_DONE || verdict_of(g->rows[i].json) != v))
            return;
    for (size_t i = 0; i < g->n_rows; i++) {
        struct row *r = &g->rows[i];

        if (r->state == ROW_OPEN) {
            json_t *json = tally_plain_row(g->exercise, r->check, v,
                json_string_value(json_object_get(row, "message")));

            json_object_set(json, "findings", json_object_get(row, "findings"));
            set_row(s, g, r, json);
        }
    }
}

/* Rows whose needed row has failed will never run. */
static void refuse_dependents(struct schedule *s, struct grading *g)
{
    for (size_t i = 0; i < g->n_rows; i++) {
        struct row *r = &g->rows[i];
        struct row *needed = r->check->needs ? needed_row(g, r->check->needs) : NULL;
        enum verdict v;
        char *message;

        if (r->state != ROW_OPEN || !needed || needed->state != ROW_DONE)
            continue;
        v = verdict_of(needed->json);
        if (v == VERDICT_PASS)
            continue;
        if (v == VERDICT_HARNESS_ERROR)
            message = xasprintf("%s could not be graded, and this check depends on it.",
                r->check->needs);
        else
            message = xasprintf("not run, because \"%s\" (%s) did not pass", needed->check->title,
                needed->check->under);
        decide_row(s, g, r,
            v == VERDICT_HARNESS_ERROR || v == VERDICT_NOT_IMPLEMENTED ? v : VERDICT_NOT_RUN,
            v == VERDICT_NOT_IMPLEMENTED ? json_string_value(json_object_get(needed->json, "message"))
                                         : message);
        free(message);
    }
}

/* May this row start? A need under the same tool is met by an earlier session of that tool. */
static bool is_ready(struct grading *g, const struct row *r)
{
    struct row *needed = r->check->needs ? needed_row(g, r->check->needs) : NULL;

    return r->state == ROW_OPEN && (!needed || needed->state == ROW_DONE);
}

static bool waits_for_other_tool(struct grading *g, const struct row *r)
{
    struct row *needed = r->check->needs ? needed_row(g, r->check->needs) : NULL;

    return r->state == ROW_OPEN && needed && needed->state != ROW_DONE &&
           strcmp(needed->check->under, r->check->under) != 0;
}

static bool is_running(const struct schedule *s, const struct grading *g, const struct tool *t)
{
    for (size_t i = 0; i < s->n_running; i++)
        if (s->running[i].grading == g && s->running[i].tool == t)
            return true;
    return false;
}

/* A stub under test costs one plain session: the other tools wait until plain has said something. */
static bool plain_is_open(const struct grading *g)
{
    for (size_t i = 0; i < g->n_rows; i++)
        if (!strcmp(g->rows[i].check->under, "plain") && g->rows[i].state != ROW_DONE)
            return true;
    return false;
}

/* The ready checks of one exercise under one tool; none when it is better to wait for more. */
static size_t ready_checks(
    struct schedule *s, struct grading *g, const struct tool *t, struct row **ret_rows)
{
    size_t count = 0;

    if (is_running(s, g, t) || (strcmp(t->name, "plain") != 0 && plain_is_open(g)))
        return 0;
    for (size_t i = 0; i < g->n_rows; i++) {
        struct row *r = &g->rows[i];

        if (strcmp(r->check->under, t->name))
            continue;
        if (waits_for_other_tool(g, r))
            return 0;
        if (is_ready(g, r))
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

    for (size_t i = 0; i < count; i++) {
        spec.checks[spec.n_checks++] = rows[i]->check;
        rows[i]->state = ROW_RUNS;
    }
    if (start_process(s, g, t, &spec, session_run))
        return;
    for (size_t i = 0; i < count; i++)
        decide_row(s, g, rows[i], VERDICT_HARNESS_ERROR,
            "A process for this check could not be started: the machine has no room left.");
}

/* A core would be idle while these rows wait for what they need: their probe is built meanwhile. Not
 * when it may turn out that nothing is written yet. */
static bool prepare(struct schedule *s, struct grading *g, const struct tool *t)
{
    struct session_spec spec = spec_of(s, g, t);
    unsigned bit = 1u << (t - tools);

    if (g->may_be_stub || g->keep || g->as || (g->prepared & bit) || is_running(s, g, t))
        return false;
    for (size_t i = 0; i < g->n_rows; i++)
        if (g->rows[i].state == ROW_OPEN && !strcmp(g->rows[i].check->under, t->name))
            spec.checks[spec.n_checks++] = g->rows[i].check;
    if (spec.n_checks == 0)
        return false;
    g->prepared |= bit;
    return start_process(s, g, t, &spec, session_prepare);
}

/* plain first, then what takes longest: the tail stays short. */
static const struct tool *tool_by_rank(size_t rank)
{
    static const char *const order[] = {
        "plain", "memcheck", "helgrind", "explore", "tsan", "asan", NULL};

    return order[rank] ? tool_find(order[rank]) : NULL;
}

static bool start_ready(struct schedule *s, struct grading *g, const struct tool *t)
{
    struct row *rows[SESSION_CHECKS];
    size_t count = ready_checks(s, g, t, rows);

    if (count)
        start_session(s, g, t, rows, count);
    return count > 0;
}

/* Goes through all exercises under all tools until one of them could `start`. */
static bool start_one(
    struct schedule *s, bool (*start)(struct schedule *, struct grading *, const struct tool *))
{
    const struct tool *t;

    for (size_t rank = 0; (t = tool_by_rank(rank)); rank++)
        for (size_t i = 0; i < s->n_gradings; i++)
            if (start(s, &s->gradings[i], t))
                return true;
    return false;
}

static void take_row(struct schedule *s, struct running *run, json_t *row)
{
    const char *id = json_string_value(json_object_get(row, "id"));
    const char *slash = id ? strchr(id, '/') : NULL;
    struct row *r = slash ? find_row(run->grading, slash + 1, run->tool->name) : NULL;

    if (!r || r->state != ROW_RUNS)
        return;
    set_row(s, run->grading, r, json_incref(row));
    spread(s, run->grading, row);
    refuse_dependents(s, run->grading);
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
        if (g->rows[j].state == ROW_RUNS && !strcmp(g->rows[j].check->under, run->tool->name))
            decide_row(s, g, &g->rows[j], VERDICT_HARNESS_ERROR,
                "The process that graded this check ended before it was done.");
    refuse_dependents(s, g);
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

static void run_all(struct schedule *s)
{
    unsigned jobs = s->spec->jobs < SESSIONS_MOST ? s->spec->jobs : SESSIONS_MOST;

    while (!interrupted) {
        struct pollfd p[SESSIONS_MOST];
        size_t n;

        while (s->n_running < jobs && (start_one(s, start_ready) || start_one(s, prepare)))
            ;
        n = s->n_running;
        if (n == 0)
            break;
        for (size_t i = 0; i < n; i++)
            p[i] = (struct pollfd){.fd = s->running[i].fd, .events = POLLIN};
        if (poll(p, n, -1) <= 0)
            continue;
        for (size_t i = n; i-- > 0;) /* downwards: an ended one is filled from above */
            if (p[i].revents)
                read_session(s, i);
    }
}

static bool wanted(const struct check_item *item, const struct check *c)
{
    if (item->without && !strcmp(item->without, c->under))
        return false;
    return (!item->tool || !strcmp(item->tool, c->under)) &&
           (!item->test || !strcmp(item->test, c->test));
}

static bool says_todo(const char *source)
{
    struct buf text = BUF_EMPTY;
    bool found = source && !io_read_file(source, 0, &text, NULL) && strstr(buf_text(&text), "LAB_TODO");

    buf_release(&text);
    return found;
}

static void begin_grading(struct schedule *s, const struct check_item *item)
{
    struct grading *g = &s->gradings[s->n_gradings++];
    const struct manifest *m = item->exercise;

    *g = (struct grading){.exercise = m,
        .source = item->source,
        .keep = item->keep,
        .seed = item->seed ? item->seed : s->spec->seed,
        .may_be_stub = says_todo(item->source),
        .as = item->as ? tool_find(item->as) : NULL};
    g->json = json_pack("{s:s, s:s, s:s, s:s, s:i, s:[]}", "id", m->id, "title", m->title, "unit",
        m->unit, "file", m->edit, "minutes", m->minutes, "checks");
    for (size_t i = 0; i < m->n_checks && g->n_rows < SESSION_CHECKS; i++) {
        struct row *r;

        if (!wanted(item, &m->checks[i]))
            continue;
        r = &g->rows[g->n_rows++];
        r->check = &m->checks[i];
        r->json = tally_plain_row(m, r->check, VERDICT_NOT_RUN, NULL);
        g->n_plain += !strcmp(r->check->under, "plain");
        json_array_append(json_object_get(g->json, "checks"), r->json);
    }
    for (size_t i = 0; !item->source && i < g->n_rows; i++)
        decide_row(s, g, &g->rows[i], VERDICT_NOT_RUN, item->missing);
}

/* Scores of the exercises and of the whole. */
static void add_up(struct schedule *s, json_t *result)
{
    double score = 0, most = 0;
    bool complete = true;

    for (size_t i = 0; i < s->n_gradings; i++) {
        struct grading *g = &s->gradings[i];
        double own = 0, own_most = 0;

        for (size_t j = 0; j < g->n_rows; j++) {
            own += json_number_value(json_object_get(g->rows[j].json, "score"));
            own_most += json_number_value(json_object_get(g->rows[j].json, "max_score"));
            complete = complete && verdict_of(g->rows[j].json) != VERDICT_HARNESS_ERROR &&
                       g->rows[j].state == ROW_DONE;
        }
        json_object_set_new(g->json, "score", json_real(own));
        json_object_set_new(g->json, "max_score", json_real(own_most));
        score += own;
        most += own_most;
    }
    json_object_set_new(result, "complete", json_boolean(complete));
    json_object_set_new(result, "score", json_real(score));
    json_object_set_new(result, "max_score", json_real(most));
}

static json_t *result_of(struct schedule *s, long long began_ms)
{
    json_t *result = json_object(), *exercises = json_array();

    json_object_set_new(result, "schema", json_string("interleave/result/1"));
    json_object_set_new(result, "kit", json_string(KIT_VERSION));
    json_object_set_new(result, "submission", json_string(s->spec->submission));
    json_object_set_new(result, "sandbox", json_string(s->spec->sandbox));
    json_object_set_new(result, "seed", json_integer((json_int_t)s->spec->seed));
    add_up(s, result);
    json_object_set_new(result, "duration_ms", json_integer(io_now_ms() - began_ms));
    for (size_t i = 0; i < s->n_gradings; i++)
        json_array_append(exercises, s->gradings[i].json);
    json_object_set_new(result, "exercises", exercises);
    return result;
}

static void schedule_release(struct schedule *s)
{
    for (size_t i = 0; i < s->n_gradings; i++) {
        for (size_t j = 0; j < s->gradings[i].n_rows; j++)
            json_decref(s->gradings[i].rows[j].json);
        json_decref(s->gradings[i].json);
    }
    for (size_t i = 0; i < s->n_running; i++) {
        close(s->running[i].fd);
        buf_release(&s->running[i].text);
    }
    free(s->gradings);
}

json_t *check_run(const struct check_spec *spec, bool *ret_interrupted, struct buf *err)
{
    struct schedule s = {.spec = spec};
    struct sigaction act = {.sa_handler = on_signal}, old_int, old_term;
    long long began = io_now_ms();
    json_t *result;

    if (processes_adopt(err))
        return NULL;
    interrupted = 0;
    sigaction(SIGINT, &act, &old_int);
    sigaction(SIGTERM, &act, &old_term);
    s.gradings = xcalloc(spec->n_items, sizeof(*s.gradings));
    for (size_t i = 0; i < spec->n_items; i++)
        begin_grading(&s, &spec->items[i]);
    run_all(&s);
    if (s.n_running)
        processes_end();
    result = result_of(&s, began);
    schedule_release(&s);
    sigaction(SIGINT, &old_int, NULL);
    sigaction(SIGTERM, &old_term, NULL);
    *ret_interrupted = interrupted != 0;
    return result;
}

int check_exit_status(const json_t *result)
{
    size_t i, j;
    json_t *exercise, *row;
    int status = 0;

    json_array_foreach (json_object_get(result, "exercises"), i, exercise)
        json_array_foreach (json_object_get(exercise, "checks"), j, row)
            if (verdict_of(row) != VERDICT_PASS)
                status = 1;
    return json_is_true(json_object_get(result, "complete")) ? status : 3;
}
