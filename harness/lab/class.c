/* SPDX-License-Identifier: MIT */
#include "lab/class.h"

#include "base/io.h"
#include "lab/cache.h"
#include "lab/class_collect.h"
#include "lab/class_worker.h"
#include "lab/processes.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TICK_MS = 250 };

struct worker {
    pid_t pid;
    int fd; /* pidfd */
    const struct entry *entry;
};

struct class
{
    const struct class_spec *spec;
    struct class_summary *summary;
    struct entries entries;
    struct class_out out;
    struct worker_task task;
    char *kit_fingerprint;
    struct worker workers[CLASS_JOBS_MOST];
    size_t n_workers;
    atomic_uint *share; /* sessions at once in each worker, who all see it */
    size_t next;        /* of the entries */
    int trouble;        /* the pipe's other end: why OUT cannot be written */
    int tell;           /* spec->tell */
    bool stopped;       /* OUT cannot be written */
    struct buf *err;
    struct progress progress;
};

static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
    interrupted = number;
}

bool class_interrupted(void)
{
    return interrupted != 0;
}

static void add_exercise(struct cache_key *k, const struct kit *kit, const struct manifest *m)
{
    char *judge = xasprintf("%s/judge/%s", kit->build, m->id);
    char *probe = kit_path(kit, "tests", m, "probe.c"), *contract = kit_path(kit, "labs", m, NULL);

    cache_key_text(k, "exercise", m->id);
    cache_key_file(k, m->file, NULL);
    cache_key_source(k, probe, NULL);
    cache_key_directory(k, contract, ".h", NULL);
    cache_key_stat(k, judge);
    for (char **e = m->extra; e && *e; e++) {
        char *extra = io_path(kit->root, *e);

        cache_key_source(k, extra, NULL);
        free(extra);
    }
    free(judge);
    free(probe);
    free(contract);
}

/* What a grade depends on besides the submission. The compilers are not part of it: the nodes of a
 * cluster differ in when they were installed. */
static char *fingerprint_of_kit(const struct grading_spec *g)
{
    static const char *const products[] = {"lab", "lab-init", "libprobe.a", "libexplore.a"};
    struct cache_key k = CACHE_KEY_EMPTY;

    for (size_t i = 0; i < sizeof(products) / sizeof(products[0]); i++) {
        char *path = io_path(g->kit->build, products[i]);

        cache_key_stat(&k, path);
        free(path);
    }
    for (size_t i = 0; i < g->kit->n_exercises; i++)
        if (!g->chosen || g->chosen[i])
            add_exercise(&k, g->kit, &g->kit->exercises[i]);
    cache_key_text(&k, "sandbox", g->sandbox);
    return cache_path("", &k, "");
}

static void tell(const struct class *c, char letter)
{
    if (c->tell >= 0)
        io_write_all(c->tell, &letter, 1);
}

/* The sentence of the worker that found out first. */
static void stop_for_trouble(struct class *c)
{
    char text[PIPE_BUF + 1];
    ssize_t n = c->stopped ? 0 : read(c->trouble, text, sizeof(text) - 1);

    c->stopped = true;
    if (n > 0) {
        text[n] = '\0';
        fail(c->err, "%s", text);
    }
}

static void note_failure(struct class *c, const struct entry *e, const char *sentence)
{
    if (worker_note_failure(&c->task, e, sentence, c->err))
        c->stopped = true;
    tell(c, 'f');
}

/* False when there is no room for another process now. */
static bool start_worker(struct class *c, const struct entry *e)
{
    pid_t pid;

    fflush(NULL);
    pid = processes_fork();
    if (pid == 0)
        _exit(worker_run(&c->task, e));
    if (pid < 0)
        return false;
    c->workers[c->n_workers++] = (struct worker){
        .pid = pid, .fd = (int)syscall(SYS_pidfd_open, pid, 0), .entry = e};
    return true;
}

static void start_workers(struct class *c)
{
    while (c->n_workers < c->spec->jobs && c->next < c->entries.count) {
        const struct entry *e = &c->entries.items[c->next];

        if (e->chosen && !start_worker(c, e)) {
            if (c->n_workers)
                return; /* when one has ended */
            note_failure(c, e,
                "A process for this submission could not be started: the machine "
                "has no room left.");
        }
        c->next++;
    }
}

/* The last ones get the places of those that are done: else cores would be idle at the end. */
static void share_places(struct class *c)
{
    if (c->next == c->entries.count && c->n_workers)
        atomic_store(c->share, c->spec->jobs / (unsigned)c->n_workers);
}

static void end_worker(struct class *c, size_t i)
{
    struct worker w = c->workers[i];
    int status = 0;
    char *sentence;

    waitpid(w.pid, &status, 0);
    close(w.fd);
    c->workers[i] = c->workers[--c->n_workers];
    switch (WIFEXITED(status) ? WEXITSTATUS(status) : -1) {
    case WORKER_GRADED:
        c->summary->graded++;
        tell(c, 'g');
        break;
    case WORKER_UNCHANGED:
        c->summary->unchanged++;
        tell(c, 'u');
        break;
    case WORKER_STOPPED:
        return;
    case WORKER_NO_OUT:
        stop_for_trouble(c);
        return;
    default:
        sentence = xasprintf("The process that graded this submission ended early (%s %d).",
            WIFSIGNALED(status) ? "signal" : "status",
            WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
        note_failure(c, w.entry, sentence);
        free(sentence);
    }
    c->progress.done = c->summary->graded;
    c->progress.skipped = c->summary->unchanged;
}

static void show_progress(struct class *c)
{
    struct buf who = BUF_EMPTY;

    for (size_t i = 0; i < c->n_workers; i++)
        buf_printf(&who, "%s%s", i ? ", " : "", c->workers[i].entry->name);
    progress_show(&c->progress, buf_text(&who));
    buf_release(&who);
}

static void grade_here(struct class *c)
{
    while (!interrupted && !c->stopped) {
        struct pollfd p[CLASS_JOBS_MOST];
        size_t n;

        start_workers(c);
        share_places(c);
        n = c->n_workers;
        if (n == 0)
            break;
        for (size_t i = 0; i < n; i++)
            p[i] = (struct pollfd){.fd = c->workers[i].fd, .events = POLLIN};
        show_progress(c);
        if (poll(p, n, TICK_MS) <= 0)
            continue;
        for (size_t i = n; i-- > 0;)
            if (p[i].revents)
                end_worker(c, i);
    }
    if (c->n_workers)
        processes_end();
    if (!interrupted && !c->stopped)
        tell(c, '.');
}

static int grade_all(struct class *c)
{
    struct sigaction act = {.sa_handler = on_signal}, old_int, old_term;
    int result = 0;

    interrupted = 0;
    sigaction(SIGINT, &act, &old_int);
    sigaction(SIGTERM, &act, &old_term);
    progress_begin(&c->progress, c->entries.chosen, c->spec->terminal);
    if (c->spec->elsewhere)
        result = c->spec->elsewhere(c->spec->arg, &c->entries, c->summary, &c->progress, c->err);
    else
        grade_here(c);
    progress_end(&c->progress);
    sigaction(SIGINT, &old_int, NULL);
    sigaction(SIGTERM, &old_term, NULL);
    c->summary->interrupted = interrupted != 0;
    return c->stopped ? -1 : result;
}

static int make_share(struct class *c)
{
    void *shared = mmap(
        NULL, sizeof(*c->share), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    if (shared == MAP_FAILED)
        return fail_errno(c->err, "Cannot share memory with the workers");
    c->share = shared;
    atomic_init(c->share, 1);
    return 0;
}

static int open_class(struct class *c)
{
    const struct class_spec *spec = c->spec;
    int ends[2];

    if (entries_read(spec->directory, spec->only, spec->out, &c->entries, c->err) ||
        class_out_open(
            &c->out, spec->out, spec->slices ? CLASS_OUT_SHARED : CLASS_OUT_ALONE, c->err) ||
        processes_adopt(c->err) || make_share(c))
        return -1;
    if (spec->slices)
        entries_keep_slice(&c->entries, spec->slice, spec->slices);
    c->summary->total = c->entries.chosen;
    c->kit_fingerprint = fingerprint_of_kit(&spec->grading);
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK))
        return fail_errno(c->err, "Cannot make a pipe");
    c->trouble = ends[0];
    c->task = (struct worker_task){.grading = &spec->grading,
        .out = &c->out,
        .kit_fingerprint = c->kit_fingerprint,
        .directory_fd = open(spec->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC),
        .share = c->share,
        .trouble = ends[1],
        .regrade = spec->regrade};
    if (c->task.directory_fd < 0)
        return fail_errno(c->err, "Cannot open %s", spec->directory);
    if (spec->tell)
        c->tell = open(spec->tell, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    return spec->tell && c->tell < 0 ? fail_errno(c->err, "Cannot write %s", spec->tell) : 0;
}

static void close_class(struct class *c)
{
    const int fds[] = {c->trouble, c->tell, c->task.trouble, c->task.directory_fd};

    for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++)
        if (fds[i] >= 0)
            close(fds[i]);
    if (c->share)
        munmap(c->share, sizeof(*c->share));
    entries_release(&c->entries);
    class_out_release(&c->out);
    free(c->kit_fingerprint);
}

int class_run(const struct class_spec *spec, struct class_summary *ret, struct buf *err)
{
    struct class c = {.spec = spec,
        .summary = ret,
        .err = err,
        .out = {.lock = -1},
        .task = {.directory_fd = -1, .trouble = -1},
        .trouble = -1,
        .tell = -1};
    int result = -1;

    *ret = (struct class_summary){0};
    if (!open_class(&c)) {
        result = grade_all(&c);
        if (!result && !spec->slices)
            result = class_collect(&c.out, &c.entries, spec->title, ret, err);
    }
    close_class(&c);
    return result;
}

void class_summary_release(struct class_summary *s)
{
    buf_release(&s->ungraded);
    buf_release(&s->nothing);
}
