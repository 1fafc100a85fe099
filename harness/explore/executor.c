/* SPDX-License-Identifier: MIT */
#include "explore/executor.h"

#include "explore/arena.h"

#include <errno.h>
#include <linux/futex.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* CPU_SHARE: all executions of a scenario together may use that many times the CPU time of a single
 * run, which is 54 s by default. Thousands with sixty threads that fight for one lock take 20 s,
 * everything else far less. */
enum {
    LOOK_MS = 100,
    START_MS = 10000,
    MOST_RESTARTS = 16,
    PUMP_EVERY = 16,
    REARM_EVERY = 256,
    CPU_SHARE = 3,
};

struct executor {
    struct explore_program program;
    struct trace_arena *arena;
    struct trace_arena *copy;
    int arena_fd;
    struct board *board;
    int board_fd;
    struct box *box;
    uint32_t number;
    int restarts;
    struct execution execution;
    void (*look)(void *arg, int pid); /* at a pause; NULL: nobody does */
    void *look_arg;
};

static void futex_wake(_Atomic uint32_t *word)
{
    syscall(SYS_futex, word, FUTEX_WAKE, 1, NULL, NULL, 0);
}

static void futex_wait(_Atomic uint32_t *word, uint32_t value, int timeout_ms)
{
    struct timespec timeout = {timeout_ms / 1000, timeout_ms % 1000 * 1000000L};

    syscall(SYS_futex, word, FUTEX_WAIT, value, &timeout, NULL, 0);
}

/* The schedule runtime has its own watchdogs; the box is for what gets past them. */
static struct box_limits own_limits(const struct box_spec *given)
{
    struct box_limits l = given ? given->limits : box_limits_default();

    l.cpu_ms = 3600 * 1000;
    l.wall_ms = 60 * 1000;
    l.address_space_bytes = 0;
    if (l.tasks < TRACE_TASKS + 32)
        l.tasks = TRACE_TASKS + 32;
    return l;
}

static int start_box(struct executor *r, struct buf *err)
{
    const char *argv[] = {r->program.path, NULL};
    struct box_fd fds[] = {{r->arena_fd, TRACE_FD}, {r->board_fd, BOARD_FD}};
    struct box_spec spec = r->program.box ? *r->program.box : (struct box_spec){0};

    spec.argv = argv;
    spec.fds = fds;
    spec.n_fds = r->board ? 2 : 1;
    spec.limits = own_limits(r->program.box);
    spec.pin_cpu = false;
    spec.on_quiet = NULL;
    atomic_store(&r->arena->ready, 0);
    r->box = box_start(&spec, err);
    return r->box ? 0 : -1;
}

static int explain_start(struct executor *r, struct buf *err)
{
    struct box_result result = BOX_RESULT_EMPTY;

    if (atomic_load(&r->arena->ready) == 2)
        return fail(err, "The program cannot be explored: %.200s.", r->arena->trouble);
    if (!box_finish(r->box, &result, err))
        fail(err, "The program ended before main(): %s %d.", box_end_name(result.end),
            result.status);
    box_result_release(&result);
    r->box = NULL;
    return -1;
}

static int wait_until_ready(struct executor *r, struct buf *err)
{
    for (int waited = 0; waited < START_MS; waited++) {
        if (atomic_load(&r->arena->ready) == 1)
            return 0;
        if (atomic_load(&r->arena->ready) == 2 || box_pump(r->box, -1, 1) != BOX_PUMP_TIMEOUT)
            break;
    }
    return atomic_load(&r->arena->ready) == 1 ? 0 : explain_start(r, err);
}

static int start_zygote(struct executor *r, struct buf *err)
{
    atomic_store(&r->arena->go, 0);
    atomic_store(&r->arena->done, 0);
    r->number = 0;
    return start_box(r, err) ? -1 : wait_until_ready(r, err);
}

struct executor *executor_start(const struct explore_program *p, int cpu, struct buf *err)
{
    struct executor *r = xcalloc(1, sizeof(*r));

    r->program = *p;
    r->board_fd = -1;
    r->arena = arena_create(&r->arena_fd, err);
    r->copy = xcalloc(1, sizeof(*r->copy));
    if (r->arena && p->scenario)
        r->board = board_create(&r->board_fd, err);
    if (!r->arena || (p->scenario && !r->board))
        goto failed;
    r->arena->cpu = cpu;
    r->arena->real_threads = p->real_threads;
    if (start_zygote(r, err))
        goto failed;
    return r;
failed:
    executor_stop(r);
    return NULL;
}

struct trace_plan *executor_plan(struct executor *r)
{
    return &r->arena->plan;
}

static int write_request(struct executor *r, struct buf *err)
{
    uint64_t challenge = 0;

    if (!r->board)
        return 0;
    if (getrandom(&challenge, sizeof(challenge), 0) != sizeof(challenge))
        return fail_errno(err, "Cannot draw random bytes");
    return board_request(
        r->board, r->program.scenario, r->program.args ? r->program.args : "", challenge | 1, err);
}

void executor_on_pause(struct executor *r, void (*look)(void *arg, int pid), void *arg)
{
    r->look = look;
    r->look_arg = arg;
}

static void look_at_pause(struct executor *r)
{
    int task = atomic_exchange(&r->arena->paused, 0);

    if (!task)
        return;
    if (r->look)
        r->look(r->look_arg, task);
    atomic_store(&r->arena->resume, 1);
    box_rearm(r->box);
}

/* Each execution may be just short enough for the watchdog, and all of them together take an hour.
 * A main() of one's own may. */
static bool used_up(const struct executor *r)
{
    const struct box_spec *given = r->program.scenario ? r->program.box : NULL;

    return given && given->limits.cpu_ms && box_cpu_ms(r->box) > CPU_SHARE * given->limits.cpu_ms;
}

/* True when the execution is over, false when the zygote is gone, or has to go. */
static bool wait_for_end(struct executor *r)
{
    for (;;) {
        uint32_t done = atomic_load(&r->arena->done);

        if (done == r->number)
            return true;
        futex_wait(&r->arena->done, done, LOOK_MS);
        look_at_pause(r);
        if (atomic_load(&r->arena->done) != r->number &&
            (box_pump(r->box, -1, 0) != BOX_PUMP_TIMEOUT || used_up(r)))
            return false;
    }
}

/* The program got at its zygote, or has used up its time: what is known of this execution is that.
 */
static int replace_zygote(struct executor *r, struct buf *err)
{
    struct box_result result = BOX_RESULT_EMPTY;
    bool late = used_up(r);
    int failed = box_finish(r->box, &result, err);

    box_result_release(&result);
    r->box = NULL;
    if (failed)
        return -1;
    if (!late && ++r->restarts > MOST_RESTARTS)
        return fail(err, "The program ended the explorer's own process %d times.", r->restarts);
    memset(&r->arena->result, 0, sizeof(r->arena->result));
    if (start_zygote(r, err))
        return -1;
    r->arena->result.end = late ? END_CPU : END_NONE;
    return 0;
}

/* Now and then, also where each execution is over before anybody has looked. */
static bool is_within_limits(struct executor *r)
{
    if (r->number % REARM_EVERY == 0)
        box_rearm(r->box);
    return r->number % PUMP_EVERY != 0 ||
           (box_pump(r->box, -1, 0) == BOX_PUMP_TIMEOUT && !used_up(r));
}

static void take_copy(struct executor *r)
{
    struct trace_arena *c = r->copy;

    arena_copy(c, r->arena);
    r->execution = (struct execution){.result = &c->result,
        .events = c->events,
        .tasks = c->tasks,
        .findings = c->findings,
        .found = c->found,
        .frames = c->frames,
        .blocks = c->blocks,
        .board = r->board,
        .stage = r->board ? board_stage(r->board) : BOARD_COMPLETE};
}

int executor_begin(struct executor *r, struct buf *err)
{
    if (write_request(r, err))
        return -1;
    atomic_store(&r->arena->paused, 0);
    atomic_store(&r->arena->resume, 0);
    atomic_store(&r->arena->go, ++r->number);
    futex_wake(&r->arena->go);
    return 0;
}

bool executor_is_done(const struct executor *r)
{
    return atomic_load(&r->arena->done) == r->number;
}

const struct execution *executor_end(struct executor *r, struct buf *err)
{
    bool lost = !(wait_for_end(r) && is_within_limits(r));

    if (lost && replace_zygote(r, err))
        return NULL;
    take_copy(r);
    r->execution.lost = lost;
    if (r->execution.result->end != END_MACHINE)
        return &r->execution;
    fail(err, "%s, again and again.", r->execution.result->text);
    return NULL;
}

const struct execution *executor_run(struct executor *r, struct buf *err)
{
    return executor_begin(r, err) ? NULL : executor_end(r, err);
}

void executor_move(struct executor *r, int cpu)
{
    r->arena->cpu = cpu;
}

static void *copy_of(const void *bytes, size_t size)
{
    void *copy = xcalloc(1, size + 1);

    if (size)
        memcpy(copy, bytes, size);
    return copy;
}

static const struct board *copy_of_board(const struct board *b)
{
    size_t used = b ? atomic_load(&b->used) : 0;

    if (!b)
        return NULL;
    return copy_of(b,
        offsetof(struct board, transcript) + (used < BOARD_TRANSCRIPT ? used : BOARD_TRANSCRIPT));
}

struct execution *execution_keep(const struct execution *x)
{
    const struct trace_result *r = x->result;
    struct execution *k = xcalloc(1, sizeof(*k));

    *k = (struct execution){.result = copy_of(r, sizeof(*r)),
        .events = copy_of(x->events, r->n_events * sizeof(*x->events)),
        .tasks = copy_of(x->tasks, r->n_tasks * sizeof(*x->tasks)),
        .findings = copy_of(x->findings, r->n_findings * sizeof(*x->findings)),
        .found = copy_of(x->found, r->n_found * sizeof(*x->found)),
        .board = copy_of_board(x->board),
        .stage = x->stage};
    return k;
}

void execution_drop(struct execution *k)
{
    if (!k)
        return;
    free((void *)(uintptr_t)k->result);
    free((void *)(uintptr_t)k->events);
    free((void *)(uintptr_t)k->tasks);
    free((void *)(uintptr_t)k->findings);
    free((void *)(uintptr_t)k->found);
    free((void *)(uintptr_t)k->board);
    free(k);
}

void executor_fetch(struct executor *r)
{
    arena_copy_details(r->copy, r->arena);
}

void executor_stop(struct executor *r)
{
    struct box_result result = BOX_RESULT_EMPTY;

    if (!r)
        return;
    if (r->box)
        box_finish(r->box, &result, NULL);
    box_result_release(&result);
    board_destroy(r->board, r->board_fd);
    arena_destroy(r->arena, r->arena_fd);
    free(r->copy);
    free(r);
}
