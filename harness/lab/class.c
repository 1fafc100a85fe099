/* SPDX-License-Identifier: MIT */
#include "lab/class.h"

#include "base/io.h"
#include "lab/cache.h"
#include "lab/command.h"
#include "lab/entries.h"
#include "lab/processes.h"
#include "lab/progress.h"
#include "report/class.h"
#include "report/report.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { WORKERS_MOST = 64, EXIT_GRADED = 0, EXIT_UNCHANGED = 10, EXIT_FAILED = 11 };

struct worker {
    pid_t pid;
    int fd; /* pidfd */
    const struct entry *entry;
};

struct class {
    const struct class_spec *spec;
    struct class_summary *summary;
    struct entries entries;
    int directory_fd;
    char *results;
    char *students;
    char *files;
    char *kit_fingerprint;
    struct worker workers[WORKERS_MOST];
    size_t n_workers;
    size_t next;
    struct progress progress;
};

static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
    interrupted = number;
}

static char *file_for(const char *directory, const char *name, const char *suffix)
{
    struct buf file = BUF_EMPTY;
    char *path;

    report_page_name(name, suffix, &file);
    path = io_path(directory, buf_text(&file));
    buf_release(&file);
    return path;
}

/* What a grade depends on besides the submission. */
static char *fingerprint_of_kit(const struct grading_spec *g)
{
    static const char *const products[] = {"lab", "libprobe.a", "libexplore.a"};
    struct cache_key k = CACHE_KEY_EMPTY;

    for (size_t i = 0; i < sizeof(products) / sizeof(products[0]); i++) {
        char *path = io_path(g->kit->build, products[i]);

        cache_key_stat(&k, path);
        free(path);
    }
    for (size_t i = 0; i < g->kit->n_exercises; i++) {
        const struct manifest *m = &g->kit->exercises[i];
        char *judge = xasprintf("%s/judge/%s", g->kit->build, m->id);
        char *probe = kit_path(g->kit, "tests", m, "probe.c");

        if (!g->chosen || g->chosen[i]) {
            cache_key_text(&k, "exercise", m->id);
            cache_key_file(&k, m->file, NULL);
            cache_key_file(&k, probe, NULL);
            cache_key_stat(&k, judge);
        }
        free(judge);
        free(probe);
    }
    cache_key_text(&k, "sandbox", g->sandbox);
    return cache_path("", &k, "");
}

/* True when the result file is of this very submission, kit and configuration, and complete. */
static bool is_unchanged(const char *path, const char *fingerprint)
{
    json_t *old = json_load_file(path, 0, NULL);
    const char *was = json_string_value(json_object_get(old, "fingerprint"));
    bool same = was && !strcmp(was, fingerprint) &&
                (json_is_true(json_object_get(old, "complete")) || json_object_get(old, "error"));

    json_decref(old);
    return same;
}

static int write_result(const struct class *c, const char *name, json_t *result, const char *files,
    struct buf *err)
{
    struct report_context ctx = REPORT_CONTEXT_DEFAULT;
    char *path = file_for(c->results, name, ".json");
    char *page_path = file_for(c->students, name, ".html");
    char *text = json_dumps(result, JSON_INDENT(1));
    struct buf page = BUF_EMPTY;
    int status = text ? 0 : fail(err, "The result of %s cannot be written as JSON.", name);

    ctx.files = files;
    ctx.guide = false;
    ctx.version = KIT_VERSION;
    if (!status)
        status = report_find("html")->write(result, &ctx, &page, err);
    if (!status)
        status = io_write_file(page_path, buf_text(&page), page.length, err);
    if (!status) /* last: who finds this file finds the page too */
        status = io_write_file(path, text, strlen(text), err);
    buf_release(&page);
    free(text);
    free(path);
    free(page_path);
    return status;
}

/* In a process of its own: one submission. */
static int grade_one(const struct class *c, const struct entry *e)
{
    struct grading_spec grading = c->spec->grading;
    struct buf fingerprint = BUF_EMPTY, err = BUF_EMPTY;
    char *path = file_for(c->results, e->name, ".json"), *files = NULL;
    char *keep = file_for(c->files, e->name, "");
    bool stopped = false;
    json_t *result;
    int status = EXIT_FAILED;

    grading_fingerprint(&grading, c->directory_fd, e->file, &fingerprint);
    buf_puts(&fingerprint, c->kit_fingerprint);
    if (!c->spec->regrade && is_unchanged(path, buf_text(&fingerprint)))
        return EXIT_UNCHANGED;
    grading.seed = fresh_seed();
    grading.keep = keep;
    result = grading_run(&grading, c->directory_fd, e->file, &files, &stopped, &err);
    if (result && !stopped) {
        json_object_set_new(result, "submission", json_string(e->name));
        json_object_set_new(result, "fingerprint", json_string(buf_text(&fingerprint)));
        if (!write_result(c, e->name, result, files, &err))
            status = EXIT_GRADED;
    }
    free(files);
    free(keep);
    if (status == EXIT_FAILED && !stopped)
        complain(0, "%s: %s", e->name, buf_text(&err));
    json_decref(result);
    return status;
}

/* The row of a submission whose process ended without a result. */
static void note_failure(struct class *c, const struct entry *e, int status)
{
    char *sentence = xasprintf("The process that graded this submission ended early (%s %d).",
        WIFSIGNALED(status) ? "signal" : "status",
        WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
    json_t *result = json_pack("{s:s, s:s, s:s, s:s, s:b, s:f, s:f, s:i, s:s, s:[]}", "schema",
        "interleave/result/1", "kit", KIT_VERSION, "submission", e->name, "sandbox",
        c->spec->grading.sandbox, "complete", 0, "score", 0.0, "max_score", 0.0, "duration_ms", 0,
        "error", sentence, "exercises");
    struct buf err = BUF_EMPTY;

    if (result && write_result(c, e->name, result, NULL, &err))
        complain(0, "%s", buf_text(&err));
    json_decref(result);
    buf_release(&err);
    free(sentence);
}

static bool start_next(struct class *c)
{
    const struct entry *e = &c->entries.items[c->next];
    pid_t pid;
    int status;

    c->next++;
    fflush(NULL);
    pid = processes_fork();
    if (pid == 0) {
        status = grade_one(c, e);
        fflush(NULL);
        _exit(status);
    }
    if (pid < 0) {
        note_failure(c, e, 0);
        return false;
    }
    c->workers[c->n_workers++] =
        (struct worker){.pid = pid, .fd = (int)syscall(SYS_pidfd_open, pid, 0), .entry = e};
    return true;
}

static void end_worker(struct class *c, size_t i)
{
    struct worker w = c->workers[i];
    int status = 0;

    waitpid(w.pid, &status, 0);
    close(w.fd);
    c->workers[i] = c->workers[--c->n_workers];
    if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_UNCHANGED)
        c->summary->unchanged++;
    else if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_GRADED)
        c->summary->graded++;
    else
        note_failure(c, w.entry, status);
    progress_step(&c->progress);
}

static void show_progress(struct class *c)
{
    struct buf who = BUF_EMPTY;

    for (size_t i = 0; i < c->n_workers; i++)
        buf_printf(&who, "%s%s", i ? ", " : "", c->workers[i].entry->name);
    progress_show(&c->progress, buf_text(&who));
    buf_release(&who);
}

static void grade_all(struct class *c)
{
    unsigned jobs = c->spec->jobs < WORKERS_MOST ? c->spec->jobs : WORKERS_MOST;

    while (!interrupted) {
        struct pollfd p[WORKERS_MOST];
        size_t n;

        while (c->n_workers < jobs && c->next < c->entries.count)
            start_next(c);
        n = c->n_workers;
        if (n == 0)
            break;
        for (size_t i = 0; i < n; i++)
            p[i] = (struct pollfd){.fd = c->workers[i].fd, .events = POLLIN};
        show_progress(c);
        if (poll(p, n, 1000) <= 0)
            continue;
        for (size_t i = n; i-- > 0;)
            if (p[i].revents)
                end_worker(c, i);
    }
    progress_end(&c->progress);
}

/* A slice of a class that is graded by several machines: every `slices`-th entry. */
static void keep_slice(struct class *c)
{
    size_t kept = 0;

    for (size_t i = 0; c->spec->slices && i < c->entries.count; i++) {
        struct entry e = c->entries.items[i];

        if (i % c->spec->slices == c->spec->slice) {
            c->entries.items[i] = c->entries.items[kept];
            c->entries.items[kept++] = e;
        }
    }
    for (size_t i = kept; c->spec->slices && i < c->entries.count; i++) {
        free(c->entries.items[i].file);
        free(c->entries.items[i].name);
    }
    if (c->spec->slices)
        c->entries.count = kept;
}

static int write_text(const struct class *c, const char *name, struct buf *text, struct buf *err)
{
    char *path = io_path(c->spec->out, name);
    int status = io_write_file(path, buf_text(text), text->length, err);

    buf_clear(text);
    free(path);
    return status;
}

/* grades.csv, summary.json and index.html, from the result files of the entries that are there. */
static int collect(struct class *c, struct buf *err)
{
    struct report_class *all = report_class_new();
    const struct report_class_options options = {.title = c->spec->title, .pages = "students"};
    struct buf text = BUF_EMPTY;
    int status = 0;

    for (size_t i = 0; i < c->entries.count; i++) {
        char *path = file_for(c->results, c->entries.items[i].name, ".json");
        json_t *result = json_load_file(path, 0, NULL);

        if (result && !json_is_true(json_object_get(result, "complete")))
            c->summary->incomplete++;
        if (result)
            report_class_add(all, result, NULL);
        else
            c->summary->incomplete++;
        json_decref(result);
        free(path);
    }
    status = report_class_csv(all, &text, err) || write_text(c, "grades.csv", &text, err) ||
             report_class_summary(all, &text, err) || write_text(c, "summary.json", &text, err) ||
             report_class_html(all, &options, &text, err) || write_text(c, "index.html", &text, err);
    buf_release(&text);
    report_class_free(all);
    return status ? -1 : 0;
}

static int open_out(struct class *c, int *ret_lock, struct buf *err)
{
    char *lock = io_path(c->spec->out, c->spec->slices ? "lock.slices" : "lock");
    int result = -1;

    c->results = io_path(c->spec->out, "results");
    c->students = io_path(c->spec->out, "students");
    c->files = io_path(c->spec->out, "files");
    if (io_make_directories(c->results, err) || io_make_directories(c->students, err) ||
        io_make_directories(c->files, err))
        goto out;
    *ret_lock = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (*ret_lock < 0)
        fail_errno(err, "Cannot write %s", lock);
    else if (!c->spec->slices && flock(*ret_lock, LOCK_EX | LOCK_NB))
        fail(err, "Another `lab class` is writing to %s. Wait for it, or stop it first.",
            c->spec->out);
    else
        result = 0;
out:
    free(lock);
    return result;
}

static void class_release(struct class *c, int lock)
{
    if (lock >= 0)
        close(lock);
    if (c->directory_fd >= 0)
        close(c->directory_fd);
    entries_release(&c->entries);
    free(c->results);
    free(c->students);
    free(c->files);
    free(c->kit_fingerprint);
}

static void run_workers(struct class *c)
{
    struct sigaction act = {.sa_handler = on_signal}, old_int, old_term;

    interrupted = 0;
    sigaction(SIGINT, &act, &old_int);
    sigaction(SIGTERM, &act, &old_term);
    progress_begin(&c->progress, c->entries.count, c->spec->terminal);
    grade_all(c);
    if (c->n_workers)
        processes_end();
    sigaction(SIGINT, &old_int, NULL);
    sigaction(SIGTERM, &old_term, NULL);
    c->summary->interrupted = interrupted != 0;
}

int class_run(const struct class_spec *spec, struct class_summary *ret, struct buf *err)
{
    struct class c = {.spec = spec, .summary = ret, .directory_fd = -1};
    int lock = -1, result = -1;

    *ret = (struct class_summary){0};
    if (entries_read(spec->directory, spec->only, &c.entries, err) || open_out(&c, &lock, err) ||
        processes_adopt(err))
        goto out;
    keep_slice(&c);
    ret->total = c.entries.count;
    c.directory_fd = open(spec->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (c.directory_fd < 0) {
        fail_errno(err, "Cannot open %s", spec->directory);
        goto out;
    }
    c.kit_fingerprint = fingerprint_of_kit(&spec->grading);
    if (!spec->collect)
        run_workers(&c);
    result = spec->slices ? 0 : collect(&c, err);
out:
    class_release(&c, lock);
    return result;
}
