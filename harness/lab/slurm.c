/* SPDX-License-Identifier: MIT */
#include "lab/slurm.h"

#include "base/io.h"
#include "lab/command.h"
#include "lab/entries.h"
#include "lab/processes.h"
#include "lab/progress.h"
#include "report/class.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ARGV_MOST = 64, PER_SLICE = 16, SLICES_MOST = 1000 };

static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
    interrupted = number;
}

/* Runs a program of Slurm's and takes what it prints. */
static int ask(const char *const *argv, struct buf *ret, struct buf *err)
{
    char bytes[4096];
    int ends[2], status = 0;
    ssize_t n;
    pid_t pid;

    buf_clear(ret);
    if (pipe2(ends, O_CLOEXEC))
        return fail_errno(err, "Cannot make a pipe");
    pid = processes_fork();
    if (pid == 0) {
        dup2(ends[1], 1);
        execvp(argv[0], (char *const *)argv);
        _exit(127);
    }
    close(ends[1]);
    while (pid > 0 && (n = read(ends[0], bytes, sizeof(bytes))) != 0)
        if (n > 0)
            buf_append(ret, bytes, (size_t)n);
        else if (errno != EINTR)
            break;
    close(ends[0]);
    while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    if (pid < 0 || !WIFEXITED(status) || WEXITSTATUS(status) == 127)
        return fail(err, "Cannot run %s. Is Slurm installed on this machine (slurm-client)?",
            argv[0]);
    return WEXITSTATUS(status) ? fail(err, "%s ended with status %d: %s", argv[0],
                                     WEXITSTATUS(status), buf_text(ret))
                               : 0;
}

/* Adds a word in single quotes, as a shell reads it. */
static void quote(struct buf *b, const char *word)
{
    buf_putc(b, '\'');
    for (; *word; word++) {
        if (*word == '\'')
            buf_puts(b, "'\\''");
        else
            buf_putc(b, *word);
    }
    buf_puts(b, "' ");
}

static void quote_option(struct buf *b, const char *option, const char *value)
{
    if (!value)
        return;
    buf_printf(b, "%s ", option);
    quote(b, value);
}

static char *absolute(const char *path)
{
    char *full = realpath(path, NULL);

    return full ? full : xstrdup(path);
}

/* What each task runs: the same `lab`, one slice. */
static char *task_script(const struct slurm_spec *s, size_t slices)
{
    struct buf b = BUF_EMPTY;
    char *lab = io_path(s->class->grading.kit->build, "lab");
    char *directory = absolute(s->class->directory), *out = absolute(s->class->out);

    buf_puts(&b, "exec ");
    quote(&b, lab);
    buf_puts(&b, "class ");
    quote(&b, directory);
    quote_option(&b, "--out", out);
    quote_option(&b, "--only", s->class->only);
    quote_option(&b, "--exercises", s->exercises);
    quote_option(&b, "--box", s->box);
    if (s->class->regrade)
        buf_puts(&b, "--regrade ");
    buf_printf(&b, "--slice \"$SLURM_ARRAY_TASK_ID/%zu\"", slices);
    free(lab);
    free(directory);
    free(out);
    return buf_detach(&b);
}

/* Hands in the array; *ret_job is its number. */
static int submit(const struct slurm_spec *s, size_t slices, char **ret_job, struct buf *err)
{
    const char *argv[ARGV_MOST];
    char *array = xasprintf("--array=0-%zu", slices - 1), *script = task_script(s, slices);
    char *wrap = xasprintf("--wrap=%s", script);
    char *log = xasprintf("--output=%s/slurm/%%A_%%a.log", s->class->out);
    char *logs = io_path(s->class->out, "slurm");
    struct buf answer = BUF_EMPTY;
    size_t n = 0;
    int result;

    argv[n++] = "sbatch";
    argv[n++] = "--parsable";
    argv[n++] = "--requeue";
    argv[n++] = "--job-name=interleave";
    argv[n++] = log;
    argv[n++] = array;
    for (size_t i = 0; i < s->n_options && n < ARGV_MOST - 2; i++)
        argv[n++] = s->options[i];
    argv[n++] = wrap;
    argv[n] = NULL;
    result = io_make_directories(logs, err);
    if (!result)
        result = ask(argv, &answer, err);
    if (!result)
        *ret_job = xasprintf("%.*s", (int)strcspn(buf_text(&answer), ";\n"), buf_text(&answer));
    buf_release(&answer);
    free(array);
    free(script);
    free(wrap);
    free(log);
    free(logs);
    return result;
}

/* True while tasks of the job are waiting or running. A controller that does not answer for a moment
 * is no end. */
static bool is_active(const char *job)
{
    const char *const argv[] = {"squeue", "--noheader", "--jobs", job, "--format=%T", NULL};
    struct buf answer = BUF_EMPTY, err = BUF_EMPTY;
    int result = ask(argv, &answer, &err);
    bool gone = strstr(buf_text(&err), "status 1") != NULL; /* "Invalid job id": it is long over */
    bool active = result ? !gone : answer.length > 0;

    buf_release(&answer);
    buf_release(&err);
    return active;
}

static void cancel(const char *job)
{
    const char *const argv[] = {"scancel", job, NULL};
    struct buf answer = BUF_EMPTY;

    ask(argv, &answer, NULL);
    buf_release(&answer);
}

static size_t count_results(const struct slurm_spec *s, const struct entries *e)
{
    size_t there = 0;

    for (size_t i = 0; i < e->count; i++) {
        struct buf name = BUF_EMPTY;
        char *path;

        report_page_name(e->items[i].name, ".json", &name);
        path = xasprintf("%s/results/%s", s->class->out, buf_text(&name));
        there += io_is_file(path);
        free(path);
        buf_release(&name);
    }
    return there;
}

static void wait_for(
    const struct slurm_spec *s, const char *job, const struct entries *e, struct progress *p)
{
    const struct timespec pause = {.tv_sec = SLURM_POLL_MS / 1000};

    while (!interrupted && is_active(job)) {
        p->done = count_results(s, e);
        progress_show(p, "by Slurm");
        nanosleep(&pause, NULL);
    }
}

static int run_rounds(const struct slurm_spec *s, const struct entries *e, struct buf *err)
{
    size_t slices = s->slices ? s->slices : (e->count + PER_SLICE - 1) / PER_SLICE;
    struct progress p;
    int result = 0;

    if (slices > SLICES_MOST)
        slices = SLICES_MOST;
    progress_begin(&p, e->count, s->class->terminal);
    for (int round = 0; round < SLURM_ROUNDS && !result && !interrupted && slices; round++) {
        char *job = NULL;

        result = submit(s, slices, &job, err);
        if (!result)
            wait_for(s, job, e, &p);
        if (interrupted && job)
            cancel(job);
        free(job);
        if (count_results(s, e) == e->count)
            break;
    }
    progress_end(&p);
    return result;
}

int slurm_run(const struct slurm_spec *s, struct class_summary *ret, struct buf *err)
{
    struct sigaction act = {.sa_handler = on_signal}, old_int, old_term;
    struct entries entries = ENTRIES_EMPTY;
    int result;

    if (entries_read(s->class->directory, s->class->only, &entries, err) ||
        io_make_directories(s->class->out, err))
        return -1;
    sigaction(SIGINT, &act, &old_int);
    sigaction(SIGTERM, &act, &old_term);
    result = run_rounds(s, &entries, err);
    sigaction(SIGINT, &old_int, NULL);
    sigaction(SIGTERM, &old_term, NULL);
    if (!result) {
        s->class->collect = true;
        result = class_run(s->class, ret, err);
        ret->graded = count_results(s, &entries);
        ret->interrupted = interrupted != 0;
    }
    entries_release(&entries);
    return result;
}
