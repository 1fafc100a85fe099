/* SPDX-License-Identifier: MIT */
#include "box/box.h"

#include "base/io.h"
#include "box/alive.h"
#include "box/init/plan.h"
#include "box/launch.h"
#include "box/output.h"
#include "box/remedy.h"
#include "box/watch.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* How long lab-init may take to kill everything and say so before we stop waiting for it. */
enum { END_MS = 10000, HANGUP_MS = 500 };

struct box {
    struct box_limits limits;
    struct launch launch;
    int control;
    int files;
    struct output out;
    struct output err;
    struct watch *watch;
    long long started_ms;
    long long ended_ms;  /* 0: not yet */
    long long hangup_ms; /* since when the caller's descriptor is at its end */
    bool reported;
    struct plan_report report;
};

struct box_limits box_limits_default(void)
{
    return (struct box_limits){
        .wall_ms = 5000,
        .cpu_ms = 5000,
        .quiet_ms = 1000,
        .memory_bytes = (size_t)256 << 20,
        .tasks = 64,
        .descriptors = 256,
        .file_bytes = (size_t)16 << 20,
        .tmp_bytes = (size_t)32 << 20,
        .stdout_bytes = (size_t)256 << 10,
        .stderr_bytes = (size_t)64 << 10,
    };
}

static void box_free(struct box *b)
{
    if (b->control >= 0)
        close(b->control);
    if (b->files >= 0)
        close(b->files);
    watch_close(b->watch);
    output_release(&b->out);
    output_release(&b->err);
    launch_release(&b->launch);
    free(b);
}

static int open_channels(struct box *b, struct buf *err)
{
    struct launch *l = &b->launch;
    int ends[2];

    if (output_open(&b->out, b->limits.stdout_bytes, &l->out, err) ||
        output_open(&b->err, b->limits.stderr_bytes, &l->err, err))
        return -1;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
        return fail_errno(err, "Cannot make a socket pair for a box");
    b->control = ends[0];
    l->control = ends[1];
    return 0;
}

static void close_theirs(struct launch *l)
{
    int *const fds[] = {&l->out, &l->err, &l->control};

    for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++) {
        if (*fds[i] >= 0)
            close(*fds[i]);
        *fds[i] = -1;
    }
}

struct box *box_start(const struct box_spec *spec, struct buf *err)
{
    struct box *b = xcalloc(1, sizeof(*b));
    int result;

    *b = (struct box){.limits = spec->limits,
        .control = -1,
        .files = -1,
        .out = OUTPUT_EMPTY,
        .err = OUTPUT_EMPTY};
    b->launch = LAUNCH_EMPTY;
    b->launch.spec = spec;
    b->started_ms = io_now_ms();
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    result = open_channels(b, err) || launch_start(&b->launch, err);
    close_theirs(&b->launch);
    b->launch.spec = NULL; /* it is the caller's */
    if (result) {
        box_free(b);
        return NULL;
    }
    b->watch = watch_open(spec, &b->launch);
    return b;
}

/* The descriptor that came with a message; -1: none. */
static int take_descriptor(struct msghdr *m)
{
    struct cmsghdr *c = CMSG_FIRSTHDR(m);
    int fd = -1;

    if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS)
        memcpy(&fd, CMSG_DATA(c), sizeof(fd));
    return fd;
}

/* What lab-init says: the directory that it has opened, then its report; or the end of the socket
 * without one. False when there was nothing to hear. */
static bool hear(struct box *b)
{
    struct plan_report r;
    struct iovec bytes = {&r, sizeof(r)};
    union {
        struct cmsghdr align;
        char room[CMSG_SPACE(sizeof(int))];
    } control;
    struct msghdr m = {.msg_iov = &bytes,
        .msg_iovlen = 1,
        .msg_control = &control,
        .msg_controllen = sizeof(control)};
    ssize_t n = recvmsg(b->control, &m, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);

    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return false;
    if (n == sizeof(r.magic) && r.magic == PLAN_MAGIC && b->files < 0) {
        b->files = take_descriptor(&m);
        return true;
    }
    b->reported = n == sizeof(r) && r.magic == PLAN_MAGIC;
    if (b->reported)
        b->report = r;
    b->ended_ms = io_now_ms();
    return true;
}

static bool caller_hears(struct box *b, struct pollfd *p)
{
    int waiting = 0;

    if (!p->revents)
        return false;
    if (!(p->revents & POLLHUP) || (ioctl(p->fd, FIONREAD, &waiting) == 0 && waiting > 0))
        return true;
    /* The other end was closed, most likely because the command has ended: how, is more worth
     * knowing, and comes in a moment. */
    if (!b->hangup_ms)
        b->hangup_ms = io_now_ms();
    return io_now_ms() - b->hangup_ms > HANGUP_MS;
}

static int time_to_wait(const struct box *b, long long until_ms)
{
    long long now = io_now_ms(), next = watch_next_ms(b->watch);

    if (b->hangup_ms && b->hangup_ms + HANGUP_MS + 1 < next)
        next = b->hangup_ms + HANGUP_MS + 1;
    if (until_ms >= 0 && until_ms < next)
        next = until_ms;
    return next > now ? (int)(next - now) : 0;
}

static void take_output(struct box *b)
{
    output_read(&b->out);
    output_read(&b->err);
    if (output_is_flood(&b->out) || output_is_flood(&b->err))
        watch_end(b->watch, BOX_OUTPUT);
}

enum box_pump box_pump(struct box *b, int fd, int timeout_ms)
{
    long long until = timeout_ms >= 0 ? io_now_ms() + timeout_ms : -1;

    while (!b->ended_ms && !watch_has_end(b->watch)) {
        struct pollfd p[] = {
            {.fd = b->hangup_ms ? -1 : fd, .events = POLLIN},
            {.fd = b->control, .events = POLLIN},
            {.fd = b->out.fd, .events = POLLIN},
            {.fd = b->err.fd, .events = POLLIN},
        };

        if (poll(p, 4, time_to_wait(b, until)) < 0 && errno != EINTR)
            return BOX_PUMP_FAILED;
        take_output(b);
        if (b->hangup_ms)
            p[0] = (struct pollfd){.fd = fd, .revents = POLLHUP};
        if (caller_hears(b, &p[0]))
            return BOX_PUMP_FD;
        if (p[1].revents)
            hear(b);
        else
            watch_look(b->watch);
        if (until >= 0 && io_now_ms() >= until)
            return b->ended_ms ? BOX_PUMP_ENDED : BOX_PUMP_TIMEOUT;
    }
    if (b->ended_ms && (!b->reported || b->report.failed))
        return BOX_PUMP_FAILED;
    return BOX_PUMP_ENDED;
}

void box_rearm(struct box *b)
{
    watch_rearm(b->watch);
    b->out.total = b->err.total = 0;
}

unsigned box_cpu_ms(const struct box *b)
{
    return watch_cpu_ms(b->watch);
}

int box_pid(const struct box *b)
{
    return (int)b->launch.pid;
}

int box_files(struct box *b)
{
    while (b->files < 0 && !b->ended_ms && hear(b))
        continue;
    return b->files;
}

bool box_is_alive(const struct box *b, int pid_inside)
{
    return watch_is_alive(b->watch, pid_inside);
}

/* Orders the end and waits until lab-init has buried everything. */
static void await_end(struct box *b)
{
    long long until = io_now_ms() + END_MS;

    shutdown(b->control, SHUT_WR);
    while (!b->ended_ms && io_now_ms() < until) {
        struct pollfd p[] = {
            {.fd = b->control, .events = POLLIN},
            {.fd = b->out.fd, .events = POLLIN},
            {.fd = b->err.fd, .events = POLLIN},
        };

        poll(p, 3, (int)(until - io_now_ms()));
        take_output(b);
        if (p[0].revents)
            hear(b);
    }
}

/* Waits for lab-init itself. A wait status; it is killed when it does not end. */
static int bury(struct box *b)
{
    int status = 0;

    if (!b->ended_ms)
        kill(b->launch.pid, SIGKILL);
    while (waitpid(b->launch.pid, &status, 0) < 0 && errno == EINTR)
        continue;
    if (!b->reported)
        watch_end_orphans(b->watch, b->launch.pid);
    take_output(b);
    return status;
}

static const char *const step_sentences[PLAN_STEP_COUNT] = {
    [PLAN_READ] = "lab-init cannot read its plan: rebuild with `make clean all`",
    [PLAN_FORK] = "the box cannot start a process",
    [PLAN_FILES] = "its directory cannot be opened",
    [PLAN_CWD] = "the working directory cannot be entered",
    [PLAN_LIMITS] = "the limits cannot be set",
    [PLAN_USER] = "the command cannot become another user",
    [PLAN_LANDLOCK] = "the kernel refused the Landlock rules",
    [PLAN_FILTER] = "the kernel refused the system call filter",
    [PLAN_EXEC] = "the command cannot be started",
};

static int fail_report(const struct plan_report *r, struct buf *err)
{
    errno = r->error;
    return fail_errno(err, "The box failed: %s",
        step_sentences[r->failed < PLAN_STEP_COUNT ? r->failed : PLAN_READ]);
}

/* Neither a verdict nor a reason: what bubblewrap printed is the best that there is. */
static int fail_silent(const struct box *b, int status, struct buf *err)
{
    const char *said = buf_text(&b->err.text);
    const char *remedy = remedy_for_message(said);

    if (!*said)
        return fail(err, "The box failed: lab-init ended without a report (status %d).", status);
    return fail(err, "The box failed: %.*s%s%s", (int)strcspn(said, "\n"), said, remedy ? " " : "",
        remedy ? remedy : "");
}

static void describe_status(int status, struct box_result *r)
{
    r->end = WIFSIGNALED(status) ? BOX_SIGNALED : BOX_EXITED;
    r->status = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
}

static void describe_end(struct box *b, int init_status, struct box_result *r)
{
    if (b->reported)
        describe_status(b->report.status, r);
    else
        describe_status(init_status, r); /* at BOX_LIMITS a program can kill its parent */
    if (b->report.killed)
        r->end = BOX_KILLED;
    if (b->report.flooded)
        r->end = BOX_MEMORY;
    watch_describe(b->watch, r);
}

static void describe(struct box *b, int init_status, struct box_result *r)
{
    const struct plan_report *p = &b->report;

    *r = BOX_RESULT_EMPTY;
    r->files = b->files;
    b->files = -1;
    r->user_ms = (unsigned)(p->user_us / 1000);
    r->system_ms = (unsigned)(p->system_us / 1000);
    r->peak_bytes = (size_t)p->peak_bytes;
    r->survivors = p->survivors;
    r->zombies = p->zombies;
    r->wall_ms = (unsigned)((b->ended_ms ? b->ended_ms : io_now_ms()) - b->started_ms);
    describe_end(b, init_status, r);
    r->out_cut = b->out.total > b->out.text.length;
    r->err_cut = b->err.total > b->err.text.length;
    r->out = b->out.text;
    r->err = b->err.text;
    b->out.text = b->err.text = BUF_EMPTY;
}

int box_finish(struct box *b, struct box_result *ret, struct buf *err)
{
    int result = 0, init_status;

    if (!b->ended_ms)
        await_end(b);
    init_status = bury(b);
    if (!b->ended_ms)
        result = fail(
            err, "The processes of a box could not be ended within %d seconds.", END_MS / 1000);
    else if (b->reported && b->report.failed)
        result = fail_report(&b->report, err);
    else if (!b->reported && (b->launch.layers.namespaces || WIFEXITED(init_status)))
        result = fail_silent(b, init_status, err);
    else
        describe(b, init_status, ret);
    box_free(b);
    return result;
}

int box_run(const struct box_spec *spec, struct box_result *ret, struct buf *err)
{
    struct box *b = box_start(spec, err);

    if (!b)
        return -1;
    box_pump(b, -1, -1);
    return box_finish(b, ret, err);
}

void box_result_release(struct box_result *r)
{
    buf_release(&r->out);
    buf_release(&r->err);
    if (r->files >= 0)
        close(r->files);
    *r = BOX_RESULT_EMPTY;
}

const char *box_end_name(enum box_end end)
{
    static const char *const names[BOX_END_COUNT] = {
        [BOX_EXITED] = "it ended by itself",
        [BOX_SIGNALED] = "it was ended by a signal",
        [BOX_WALL] = "the time limit was hit",
        [BOX_CPU] = "the limit on CPU time was hit",
        [BOX_MEMORY] = "the memory limit was hit",
        [BOX_TASKS] = "the limit on threads and processes was hit",
        [BOX_OUTPUT] = "the limit on output was hit",
        [BOX_QUIET] = "everything in it was asleep",
        [BOX_KILLED] = "it was stopped from outside",
    };

    return end < BOX_END_COUNT ? names[end] : "it ended in an unknown way";
}
