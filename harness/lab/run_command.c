/* SPDX-License-Identifier: MIT */
#include "lab/run_command.h"

#include "box/alive.h"
#include "lab/trace.h"

#include <stdlib.h>

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

static const char *own(struct run_command *c, char *text)
{
    return c->owned[c->n_owned++] = text;
}

void run_command_prepare(struct run_command *c, struct runner *r)
{
    const struct tool *t = r->spec.tool;
    size_t n = 0, e = 0;

    *c = (struct run_command){0};
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

void run_command_trace(const struct runner *r, const struct run_command *c, const char *scenario,
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

void run_command_release(struct run_command *c)
{
    for (size_t i = 0; i < c->n_owned; i++)
        free(c->owned[i]);
}
