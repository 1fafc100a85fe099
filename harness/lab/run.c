/* SPDX-License-Identifier: MIT */
#include "lab/run.h"

#include "base/io.h"
#include "box/alive.h"
#include "explore/replay.h"
#include "lab/ending.h"
#include "lab/findings.h"
#include "lab/trace.h"

#include <jansson.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ARGV_MOST = 32, ENVIRONMENT_MOST = 12 };

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

static struct box_limits limits_of(const struct runner_spec *s)
{
    struct box_limits l = box_limits_default();
    const struct manifest *m = s->exercise;
    unsigned memory = s->tool->memory_mib;

    if (m->limit_memory_mib && (unsigned)m->limit_memory_mib * (memory / 256) > memory)
        memory = (unsigned)m->limit_memory_mib * (memory / 256);
    l.wall_ms = (m->limit_wall_ms ? (unsigned)m->limit_wall_ms : 5000) * s->tool->slowdown;
    l.cpu_ms = (m->limit_cpu_ms ? (unsigned)m->limit_cpu_ms : 3000) * s->tool->slowdown;
    l.quiet_ms = 1000;
    l.memory_bytes = (size_t)memory << 20;
    l.address_space_bytes = s->tool->address_space_limit ? (size_t)2 << 30 : 0;
    l.tasks = (m->limit_tasks ? (unsigned)m->limit_tasks : 48) + 16;
    if (m->limit_output_kib)
        l.stdout_bytes = (size_t)m->limit_output_kib << 10;
    return l;
}

static bool is_alive(void *arg, int pid)
{
    const struct runner *r = arg;

    return !r->box || box_is_alive(r->box, pid);
}

/* Everything asleep: broken meetings let the scenario go on and say so as a fact; otherwise it is a
 * deadlock when no task will wake by itself. */
static bool on_quiet(void *arg)
{
    struct runner *r = arg;

    if (board_break_meetings(r->board))
        return false;
    return board_all_wait(r->board, is_alive, r);
}

/* A command with everything that its spec points to. */
struct command {
    const char *argv[ARGV_MOST];
    const char *environment[ENVIRONMENT_MOST];
    char *owned[ARGV_MOST + ENVIRONMENT_MOST];
    size_t n_owned;
    struct box_bind binds[1];
    struct box_fd fds[2];
    struct box_spec box;
};

static const char *own(struct command *c, char *text)
{
    return c->owned[c->n_owned++] = text;
}

static void prepare(struct runner *r, struct command *c)
{
    const struct tool *t = r->spec.tool;
    size_t n = 0, e = 0;

    *c = (struct command){0};
    for (const char *const *w = t->wrapper; *w; w++)
        c->argv[n++] = own(c, tool_expand(*w, r->directory));
    c->argv[n++] = r->spec.program;
    if (t->serves)
        c->argv[n++] = "serve";
    for (const char *const *w = t->environment; *w; w++)
        c->environment[e++] = own(c, tool_expand(*w, r->directory));
    c->environment[e++] = "PATH=/usr/bin:/bin";
    c->environment[e++] = "LC_ALL=C.UTF-8";
    c->binds[0] = (struct box_bind){r->spec.program, r->spec.program, false};
    c->fds[0] = (struct box_fd){r->board_fd, BOARD_FD};
    c->box = (struct box_spec){
        .argv = c->argv,
        .envp = c->environment,
        .cwd = r->spec.level == BOX_LIMITS ? r->directory : NULL,
        .binds = c->binds,
        .n_binds = 1,
        .fds = c->fds,
        .n_fds = 1,
        .files = t->report == REPORT_NONE ? NULL : r->directory,
        .limits = limits_of(&r->spec),
        .level = r->spec.level,
        .no_aslr = t->no_aslr,
        .on_quiet = on_quiet,
        .quiet_arg = r,
    };
}

/* `c` is NULL when a program that serves has been started before. */
static void trace(const struct runner *r, const struct command *c, const char *scenario,
    const char *args, const struct explore_options *budget)
{
    trace_run(&(struct trace_run){
        .tool = r->spec.tool->name,
        .argv = c ? c->argv : NULL,
        .scenario = scenario,
        .args = args,
        .seed = r->spec.seed,
        .schedules = budget ? budget->schedules : 0,
        .preemptions = budget ? budget->preemptions : 0,
        .spurious = budget ? budget->spurious : 0,
    });
}

static void command_release(struct command *c)
{
    for (size_t i = 0; i < c->n_owned; i++)
        free(c->owned[i]);
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
    struct command c;
    struct box_result b = BOX_RESULT_EMPTY;
    int result;

    prepare(r, &c);
    trace(r, &c, r->board->scenario, r->board->args, NULL);
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
    command_release(&c);
    return result;
}

static int start_server(struct runner *r, struct buf *err)
{
    struct command c;
    int ends[2];

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
        return fail_errno(err, "Cannot make a socket pair");
    prepare(r, &c);
    c.fds[1] = (struct box_fd){ends[1], BOARD_CONTROL_FD};
    c.box.n_fds = 2;
    trace(r, &c, r->board->scenario, r->board->args, NULL);
    r->box = box_start(&c.box, err);
    close(ends[1]);
    command_release(&c);
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
        trace(r, NULL, r->board->scenario, r->board->args, NULL);
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

struct explore_options runner_explore_options(const struct runner *r)
{
    const struct manifest *m = r->spec.exercise;
    struct explore_options options = explore_options_default();

    options.seed = r->spec.seed;
    options.keep_going = true;
    options.races_fail = !m->explore_races || !strcmp(m->explore_races, "fail");
    options.spurious = m->explore_spurious >= 0 ? m->explore_spurious : 1;
    if (m->explore_schedules)
        options.schedules = m->explore_schedules;
    if (m->explore_preemptions)
        options.preemptions = m->explore_preemptions;
    return options;
}

int runner_explore(struct runner *r, const char *scenario, const char *args,
    const struct explore_options *options, struct explore_result *ret, struct buf *err)
{
    struct explore_program program = {.path = r->spec.program, .scenario = scenario, .args = args};
    struct command c;
    int result;

    prepare(r, &c);
    c.box.pin_cpu = true;
    program.box = &c.box;
    trace(r, &c, scenario, args, options);
    result = explore_search(&program, options, ret, err);
    command_release(&c);
    return result;
}

int runner_replay(struct runner *r, const char *scenario, const char *args,
    const struct explore_options *options, const char *schedule, struct replay *ret,
    struct buf *err)
{
    struct explore_program program = {.path = r->spec.program, .scenario = scenario, .args = args};
    struct command c;
    int result;

    prepare(r, &c);
    c.box.pin_cpu = true;
    program.box = &c.box;
    result = replay_schedule(&program, options, schedule, ret, err);
    command_release(&c);
    return result;
}

int runner_replay_until(struct runner *r, const char *scenario, const char *args,
    const struct explore_options *options, const char *schedule, uint32_t at,
    void (*look)(void *arg, int pid), void *arg, struct buf *err)
{
    struct explore_program program = {.path = r->spec.program, .scenario = scenario, .args = args};
    struct command c;
    int result;

    prepare(r, &c);
    c.box.pin_cpu = true;
    program.box = &c.box;
    result = replay_until(&program, options, schedule, at, look, arg, err);
    command_release(&c);
    return result;
}

/* Where races are what an exercise is about, they are no news to its judge. */
static void hush_races(struct outcome_list *l)
{
    for (size_t i = 0; i < l->count; i++) {
        struct outcome *o = &l->items[i], all = *o;

        o->findings = NULL;
        o->n_findings = 0;
        for (size_t k = 0; k < all.n_findings; k++) {
            const struct finding *f = &all.findings[k];

            if (strcmp(f->kind, "race"))
                outcome_add_finding(o, f->kind, f->file, f->line, f->text);
        }
        all = (struct outcome){.findings = all.findings, .n_findings = all.n_findings};
        outcome_release(&all);
    }
}

int runner_run_schedule(struct runner *r, const char *scenario, const char *args,
    const char *schedule, struct outcome_list *ret, struct buf *err)
{
    const struct explore_options options = runner_explore_options(r);
    struct replay found = REPLAY_EMPTY;

    if (r->spec.tool->side != SEAM_EXPLORE)
        return fail(err, "The judge replays a schedule under %s; only explore can do that.",
            r->spec.tool->name);
    if (runner_replay(r, scenario, args, &options, schedule, &found, err))
        return -1;
    if (found.remark) {
        fail(err, "%s", found.remark);
        replay_release(&found);
        return -1;
    }
    ret->items = xcalloc(1, sizeof(*ret->items));
    ret->items[0] = found.outcome;
    ret->items[0].schedule = xstrdup(schedule);
    ret->count = 1;
    ret->claim = xstrdup("one interleaving replayed");
    ret->replayed = true;
    if (!options.races_fail)
        hush_races(ret);
    found.outcome = OUTCOME_EMPTY;
    replay_release(&found);
    return 0;
}

static int run_explore(struct runner *r, const char *scenario, const char *args,
    struct outcome_list *ret, struct buf *err)
{
    const struct explore_options options = runner_explore_options(r);
    struct explore_result found = EXPLORE_RESULT_EMPTY;
    int result = runner_explore(r, scenario, args, &options, &found, err);

    if (!result) {
        ret->items = found.outcomes;
        ret->count = found.n_outcomes;
        ret->claim = found.claim;
        ret->complete = found.complete;
        if (!options.races_fail)
            hush_races(ret);
        found.outcomes = NULL;
        found.n_outcomes = 0;
        found.claim = NULL;
    }
    explore_result_release(&found);
    return result;
}

int runner_run(struct runner *r, const char *scenario, const char *args, struct outcome_list *ret,
    struct buf *err)
{
    uint64_t challenge = 0;
    struct outcome *o;
    int result;

    if (r->spec.tool->side == SEAM_EXPLORE)
        return run_explore(r, scenario, args, ret, err);
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
