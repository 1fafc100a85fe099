/* SPDX-License-Identifier: MIT */
#include "lab/slurm.h"

#include "base/clean.h"
#include "base/io.h"
#include "lab/processes.h"
#include "report/show.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ARGV_MOST = 64, PER_SLICE = 16, ANSWER_BYTES = 400, LOG_BYTES = 16384 };

/* A job array at work. */
struct array {
    const struct slurm_spec *spec;
    size_t slices;
    char *directory; /* OUT/slurm */
    char *job;       /* its number */
};

/* Runs a program of Slurm's; `ret` gets all that it prints. */
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
        dup2(ends[1], 2);
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
        return fail(
            err, "Cannot run %s. Is Slurm installed on this machine (slurm-client)?", argv[0]);
    if (WEXITSTATUS(status)) {
        char *said = clean_name(buf_text(ret), ANSWER_BYTES);

        fail(err, "%s ended with status %d: %s", argv[0], WEXITSTATUS(status), said);
        free(said);
        return -1;
    }
    return 0;
}

static void add_option(struct buf *b, const char *option, const char *value)
{
    if (!value)
        return;
    buf_printf(b, " %s ", option);
    show_shell_word(b, value);
}

static char *absolute(const char *path)
{
    char *full = realpath(path, NULL);

    return full ? full : xstrdup(path);
}

/* What each task runs: the same `lab`, one slice. sbatch hands our environment over, and this
 * machine's TMPDIR need not be there on a node. */
static char *task_script(const struct array *a)
{
    const struct class_spec *class = a->spec->class;
    char *lab = io_path(class->grading.kit->build, "lab");
    char *directory = absolute(class->directory), *out = absolute(class->out);
    struct buf b = BUF_EMPTY;

    buf_puts(&b, "[ -d \"$TMPDIR\" ] || unset TMPDIR; exec ");
    show_shell_word(&b, lab);
    buf_puts(&b, " class ");
    show_shell_word(&b, directory);
    add_option(&b, "--out", out);
    add_option(&b, "--only", class->only);
    add_option(&b, "--exercises", a->spec->exercises);
    add_option(&b, "--box", a->spec->box);
    if (class->regrade)
        buf_puts(&b, " --regrade");
    /* A task is given some CPUs of its node, not all that it could see; for each of them two, as
     * on one machine. */
    buf_printf(&b,
        " --jobs $((${SLURM_CPUS_ON_NODE:-1} < %d ? 2 * ${SLURM_CPUS_ON_NODE:-1} : %d))"
        " --slice \"$SLURM_ARRAY_TASK_ID/%zu\"",
        CLASS_JOBS_MOST / 2, CLASS_JOBS_MOST, a->slices);
    free(lab);
    free(directory);
    free(out);
    return buf_detach(&b);
}

/* What a slice has noted; the caller releases. */
static struct buf notes_of(const struct array *a, size_t slice)
{
    char *path = xasprintf("%s/slice.%zu", a->directory, slice);
    struct buf notes = BUF_EMPTY;

    io_read_file(path, 0, &notes, NULL);
    free(path);
    return notes;
}

static bool is_over(const struct array *a, size_t slice)
{
    struct buf notes = notes_of(a, slice);
    bool over = notes.length && notes.data[notes.length - 1] == '.';

    buf_release(&notes);
    return over;
}

/* "0,3,7": the slices that are not over. Empty when all are. */
static struct buf list_open(const struct array *a)
{
    struct buf list = BUF_EMPTY;

    for (size_t i = 0; i < a->slices; i++)
        if (!is_over(a, i))
            buf_printf(&list, "%s%zu", list.length ? "," : "", i);
    return list;
}

static void count(const struct array *a, struct class_summary *summary)
{
    summary->graded = summary->unchanged = 0;
    for (size_t i = 0; i < a->slices; i++) {
        struct buf notes = notes_of(a, i);

        for (const char *c = buf_text(&notes); *c; c++) {
            summary->graded += *c == 'g';
            summary->unchanged += *c == 'u';
        }
        buf_release(&notes);
    }
}

/* Hands in the slices in `list`. */
static int submit(struct array *a, const char *list, struct buf *err)
{
    char *array = xasprintf("--array=%s", list), *script = task_script(a);
    char *wrap = xasprintf("--wrap=%s", script);
    char *log = xasprintf("--output=%s/%%A_%%a.log", a->directory);
    const char *argv[ARGV_MOST] = {
        "sbatch", "--parsable", "--requeue", "--job-name=interleave", log, array};
    struct buf answer = BUF_EMPTY;
    size_t n = 6;
    int result;

    for (size_t i = 0; i < a->spec->n_options && n < ARGV_MOST - 2; i++)
        argv[n++] = a->spec->options[i];
    argv[n] = wrap;
    result = ask(argv, &answer, err);
    free(a->job);
    a->job = result ? NULL
                    : xasprintf("%.*s", (int)strcspn(buf_text(&answer), ";\n"), buf_text(&answer));
    buf_release(&answer);
    free(array);
    free(script);
    free(wrap);
    free(log);
    return result;
}

/* True while tasks of the job are waiting or running. A controller that does not answer for a
 * moment is no end; one that no longer knows the job is. */
static bool is_active(const struct array *a)
{
    const char *const argv[] = {"squeue", "--noheader", "--jobs", a->job, "--format=%T", NULL};
    struct buf answer = BUF_EMPTY;
    bool failed = ask(argv, &answer, NULL) != 0;
    bool active = failed ? !strstr(buf_text(&answer), "Invalid job id")
                         : buf_text(&answer)[0] != '\0';

    buf_release(&answer);
    return active;
}

static void cancel(const struct array *a)
{
    const char *const argv[] = {"scancel", a->job, NULL};
    struct buf answer = BUF_EMPTY;

    ask(argv, &answer, NULL);
    buf_release(&answer);
}

static void wait_for(const struct array *a, struct class_summary *summary, struct progress *p)
{
    const struct timespec pause = {.tv_sec = SLURM_POLL_MS / 1000};
    char *who = xasprintf("Slurm job %s", a->job);

    while (!class_interrupted() && is_active(a)) {
        count(a, summary);
        p->done = summary->graded;
        p->skipped = summary->unchanged;
        progress_show(p, who);
        nanosleep(&pause, NULL);
    }
    free(who);
}

/* The last line that is not empty. */
static char *last_line(const char *text)
{
    const char *end = text + strlen(text), *start;

    while (end > text && end[-1] == '\n')
        end--;
    for (start = end; start > text && start[-1] != '\n';)
        start--;
    return xasprintf("%.*s", (int)(end - start), start);
}

/* Slices are open after the last round: what the first one's log ends with. */
static int explain(const struct array *a, const char *open, struct buf *err)
{
    size_t slice = strtoul(open, NULL, 10);
    char *path = xasprintf("%s/%s_%zu.log", a->directory, a->job, slice), *line, *shown;
    struct buf log = BUF_EMPTY;

    io_read_file(path, LOG_BYTES, &log, NULL);
    line = last_line(buf_text(&log));
    shown = clean_name(*line ? line : "nothing", ANSWER_BYTES);
    fail(err,
        "After %d rounds on the cluster these slices are not done: %s. What is there is kept, and the "
        "same command goes on. The log %s ends with: %s",
        SLURM_ROUNDS, open, path, shown);
    buf_release(&log);
    free(path);
    free(line);
    free(shown);
    return -1;
}

static int run_rounds(
    struct array *a, struct class_summary *summary, struct progress *progress, struct buf *err)
{
    int result = 0;

    for (int round = 0; !result && !class_interrupted(); round++) {
        struct buf open = list_open(a);

        if (open.length && round == SLURM_ROUNDS)
            result = explain(a, buf_text(&open), err);
        else if (open.length)
            result = submit(a, buf_text(&open), err);
        if (open.length && !result) {
            wait_for(a, summary, progress);
            if (class_interrupted())
                cancel(a);
        }
        bool done = open.length == 0;
        buf_release(&open);
        if (done)
            break;
    }
    count(a, summary);
    return result;
}

static size_t slices_for(const struct slurm_spec *s, size_t chosen)
{
    size_t slices = s->slices ? s->slices : (chosen + PER_SLICE - 1) / PER_SLICE;

    return slices < SLURM_SLICES_MOST ? slices : SLURM_SLICES_MOST;
}

int slurm_grade(void *arg, const struct entries *entries, struct class_summary *summary,
    struct progress *progress, struct buf *err)
{
    const struct slurm_spec *spec = arg;
    struct array a = {.spec = spec,
        .slices = slices_for(spec, entries->chosen),
        .directory = io_path(spec->class->out, "slurm")};
    int result = -1;

    if (!io_remove_tree(a.directory, err) && !io_make_directories(a.directory, err))
        result = run_rounds(&a, summary, progress, err);
    if (!result)
        io_remove_tree(a.directory, NULL);
    free(a.directory);
    free(a.job);
    return result;
}
