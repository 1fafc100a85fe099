/* SPDX-License-Identifier: MIT */
#include "lab/debugging.h"

#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORDS_MOST = 32, NOT_THERE = 127 };

/* Where to stop, and what came of it. */
struct stop {
    const char *program;
    const char *directory; /* of the source */
    uint64_t pc;           /* behind the call that makes the step */
    size_t step;
    bool reached;
    int status; /* of gdb */
};

/* gdb is attached while the task stands inside the kit's code; the break point takes it from there
 * to the student's line. */
static void become_gdb(const struct stop *s, int process)
{
    char *directory = xasprintf("directory %s", s->directory);
    char *stop = xasprintf("tbreak *%#" PRIx64, s->pc);
    char *pid = xasprintf("%d", process);
    const char *const words[WORDS_MOST] = {"gdb", "-q", "-iex", "set debuginfod enabled off",
        "-iex", "set pagination off", "-iex", "set print thread-events off", "-ex", directory,
        "-ex", stop, "-ex", "continue", "-p", pid, s->program, NULL};

    signal(SIGINT, SIG_DFL);
    signal(SIGQUIT, SIG_DFL);
    execvp(words[0], (char *const *)words);
    _exit(NOT_THERE);
}

static void look(void *arg, int pid)
{
    struct stop *s = arg;
    pid_t gdb;

    s->reached = true;
    fflush(stdout);
    signal(SIGINT, SIG_IGN); /* Ctrl-C is for gdb */
    signal(SIGQUIT, SIG_IGN);
    gdb = fork();
    if (gdb == 0)
        become_gdb(s, pid);
    while (gdb > 0 && waitpid(gdb, &s->status, 0) < 0 && errno == EINTR)
        ;
    signal(SIGINT, SIG_DFL);
    signal(SIGQUIT, SIG_DFL);
}

static bool is_installed(void)
{
    const char *path = getenv("PATH");
    char *own = xstrdup(path ? path : "/usr/bin:/bin"), *rest = own, *directory;
    bool found = false;

    while (!found && (directory = strsep(&rest, ":"))) {
        char *program = io_path(directory, "gdb");

        found = access(program, X_OK) == 0;
        free(program);
    }
    free(own);
    return found;
}

/* What is in the cache was made from this very text; gdb compares times, and would warn for
 * nothing. */
static void make_young(const char *program)
{
    utimensat(AT_FDCWD, program, NULL, 0);
}

static int stop_there(struct stop *s, struct target *t, const struct explore_request *q,
    const struct schedule_words *w, uint32_t event, struct buf *err)
{
    const struct explore_options options = replaying_options(t, q);

    printf(
        "gdb stops at step %zu. There, `info threads` shows all threads, `thread apply all bt` "
        "where\neach of them is, `print` a variable; `continue` lets the interleaving go on, `quit` "
        "ends.\n\n",
        s->step);
    if (runner_replay_until(
            &t->runner, w->scenario, w->args, &options, w->schedule, event + 1, look, s, err))
        return -1;
    if (!s->reached)
        return fail(err, "The program did not come to step %zu again.", s->step);
    if (WIFEXITED(s->status) && WEXITSTATUS(s->status) == NOT_THERE)
        return fail(err, "gdb could not be started.");
    return 0;
}

int debug_interleaving(const struct replaying *r, struct target *t, const struct explore_request *q,
    const struct schedule_words *w, struct buf *err)
{
    const char *source = target_files(t).files[0];
    char *whole = realpath(source, NULL);
    struct stop s = {.program = t->built.probe};
    uint32_t event;
    int result = -1;

    if (!is_installed()) {
        fail(err, "gdb is not installed: apt install gdb. Without it, --step goes through the "
                  "interleaving.");
    } else if (!story_last(r->story, &event, &s.step)) {
        fail(err, "This interleaving has no steps to stop at.");
    } else {
        if (whole)
            *strrchr(whole, '/') = '\0';
        s.directory = whole && *whole ? whole : "/";
        s.pc = r->trace.events[event].op.pc;
        make_young(s.program);
        result = stop_there(&s, t, q, w, event, err);
    }
    free(whole);
    return result;
}
